package dev.longshore.executor;

import dev.longshore.bus.BusDesk;
import dev.longshore.capacity.GpuInventory;
import dev.longshore.capacity.Ledger;
import dev.longshore.capacity.NodeCapacity;
import dev.longshore.docker.Docker;
import dev.longshore.docker.EngineInfo;
import dev.longshore.job.Grant;
import dev.longshore.kafka.CommandSource;
import dev.longshore.kafka.ControlSource;
import dev.longshore.kafka.EventSink;
import dev.longshore.kafka.EventSource;
import dev.longshore.kafka.KafkaClients;
import dev.longshore.kafka.LineSink;
import dev.longshore.results.DirectoryLock;
import dev.longshore.results.ResultStore;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The node's one executor: owns the commands, the engine and what is published of executions.
 * Speaks by Kafka, and by the bus where only the owner can answer. It wires; decisions are made in
 * the classes beside it. Deployed once, with one instance.
 */
public final class ExecutorVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(ExecutorVerticle.class);
    private static final int REMEMBERED_EXECUTIONS = 100_000;

    private final ExecutorSettings settings;
    private final KafkaClients kafka;
    private final Function<Vertx, Docker> engine;
    private final GpuInventory inventory;
    private final @Nullable Instant bootedAt;
    private final Duration lostAfter;
    private final Consumer<Throwable> onFatal;
    private final String instance = UUID.randomUUID().toString();
    private final Deque<Supplier<Future<Void>>> closers = new ArrayDeque<>();
    private boolean fenced;
    private volatile @Nullable Executor executor;

    /**
     * What the executor stands on.
     *
     * @param kafka makes what reads and writes topics
     * @param engine makes the engine's port, on the verticle's own Vert.x
     * @param inventory finds the GPUs of the engine's host
     * @param bootedAt when the engine's host was started, null where that is not known
     * @param lostAfter how long another node has to be silent to be lost; zero for never
     * @param onFatal told, once, when this executor must end and may begin anew: another process,
     *     or another node in its place, was seen to act
     */
    public record Ground(
            KafkaClients kafka,
            Function<Vertx, Docker> engine,
            GpuInventory inventory,
            @Nullable Instant bootedAt,
            Duration lostAfter,
            Consumer<Throwable> onFatal) {}

    /** Where what is said goes, both closed together, and what is heard of it. */
    private record Sinks(EventSink events, LineSink lines, Echo echo) {}

    /**
     * What the executor found around it.
     *
     * @param engine the engine
     * @param free how much room is left
     * @param learning what is heard by the topics
     * @param others the other nodes
     */
    private record Surroundings(
            EngineInfo engine, FreeSpace free, Learning learning, LostNodes others) {}

    /** Prepares; talks to nobody yet. */
    public ExecutorVerticle(ExecutorSettings settings, Ground ground) {
        this.settings = settings;
        this.kafka = ground.kafka();
        this.engine = ground.engine();
        this.inventory = ground.inventory();
        this.bootedAt = ground.bootedAt();
        this.lostAfter = ground.lostAfter();
        this.onFatal = ground.onFatal();
    }

    /** The executor, once deployed; to be called on its own context only. */
    public Executor executor() {
        return Objects.requireNonNull(executor, "not deployed");
    }

    @Override
    public Future<?> start() {
        ResultStore results = new ResultStore(vertx, settings.results());
        closers.push(results::close);
        Docker docker = engine.apply(vertx);
        closers.push(docker::close);
        return claim(results)
                .compose(ours -> docker.info())
                .compose(info -> capacity(info).compose(has -> open(docker, info, has, results)))
                .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
    }

    /**
     * Takes no more commands, ends what cannot go on without us, and lets go of everything, last
     * opened first.
     */
    @Override
    public Future<?> stop() {
        Future<Void> closed = Future.succeededFuture();
        while (!closers.isEmpty()) {
            Supplier<Future<Void>> next = closers.pop();
            closed = closed.eventually(next);
        }
        return closed.otherwiseEmpty();
    }

    /**
     * Makes sure that this process alone is this node, before it says or does anything as such; an
     * earlier life on this machine is known to be over by the lock that it left.
     */
    private Future<Void> claim(ResultStore results) {
        DirectoryLock.Holder self = DirectoryLock.Holder.here(settings.nodeId(), instance);
        return results.open()
                .compose(opened -> results.claim(self))
                .map(former -> former.map(DirectoryLock.Holder::instance).orElse(null))
                .compose(former -> kafka.nodeIdCheck(context).free(former));
    }

    private Future<Void> open(
            Docker docker, EngineInfo info, NodeCapacity capacity, ResultStore results) {
        EventSink events = kafka.eventSink(context);
        LineSink lines = kafka.lineSink(context);
        closers.push(() -> Future.join(events.close(), lines.close()).mapEmpty());
        events.ended().onFailure(this::end);
        Path engineRoot = Path.of(info.rootDirectory());
        Path resultRoot = settings.results().directory().toAbsolutePath();
        FreeSpace free = new FreeSpace(vertx, List.of(engineRoot, resultRoot));
        Known known =
                new Known(REMEMBERED_EXECUTIONS, new Presence(settings.nodeId(), System::nanoTime));
        OwnWords ownWords = new OwnWords(settings.nodeId(), known);
        Berth berth = berth(docker, results, new Sinks(events, lines, ownWords), engineRoot);
        Executor running = new Executor(berth, known, new Ledger(capacity));
        executor = running;
        ImageCache images = new ImageCache(berth, free::bytes);
        Learning learning =
                new Learning(
                        settings.nodeId(), known, images, running.roster(), ownWords, this::end);
        EventSource source = kafka.eventSource(context);
        closers.push(source::close);
        Memory memory = new TopicMemory(kafka, context);
        LostNodes others =
                new LostNodes(
                        new LostNodes.Self(settings.nodeId(), instance, lostAfter),
                        berth.timers(),
                        known,
                        new Inheritance(
                                berth,
                                running,
                                known,
                                new Inheritance.Means(
                                        memory,
                                        kafka.nodeFence(context),
                                        source::upToNow,
                                        learning::isCancelled)));
        Surroundings around = new Surroundings(info, free, learning, others);
        Adoption adoption = new Adoption(berth, running, known, memory);
        // Read after the transactions are ours: what others end in our place they have ended then.
        return events.opened()
                .compose(ours -> source.start(learning))
                .compose(started -> source.caughtUp())
                .compose(learnt -> adoption.settle())
                .compose(settled -> takeCommands(berth, running, known, around))
                .onSuccess(
                        taking ->
                                tidy(
                                        new Housekeeping(
                                                berth,
                                                images,
                                                running.roster(),
                                                new Reconciler(
                                                        berth,
                                                        running.roster(),
                                                        known,
                                                        adoption))));
    }

    private Berth berth(Docker docker, ResultStore results, Sinks sinks, Path engineRoot) {
        Timers timers = Timers.of(vertx);
        EngineWatch watch = new EngineWatch(timers, bootedAt);
        watch.start(docker, settings.nodeId());
        closers.push(watch::stop);
        Downloads downloads = new Downloads(vertx, results, settings);
        closers.push(downloads::close);
        return new Berth(
                settings,
                docker,
                watch,
                new Pulls(docker, settings.pulls(), timers),
                new Mounts(vertx, settings.policy().mounts(), settings.keptOut(engineRoot)),
                new SecretStore(vertx, settings.secrets()),
                downloads,
                sinks.lines(),
                results,
                new Voice(sinks.events(), timers, sinks.echo()));
    }

    private void tidy(Housekeeping tidying) {
        closers.push(tidying::stop);
        tidying.start();
    }

    /** Nothing can be said of what runs here any more: the next life takes it on again. */
    private void end(Throwable cause) {
        if (!fenced) {
            fenced = true;
            onFatal.accept(cause);
        }
    }

    private Future<Void> takeCommands(
            Berth berth, Executor running, Known known, Surroundings around) {
        EngineInfo info = around.engine();
        FreeSpace free = around.free();
        CommandSource jobs = kafka.commandSource(context);
        ControlSource control = kafka.controlSource(context);
        Gate gate = new Gate(jobs::pause, jobs::resume);
        DiskGuard guard = new DiskGuard(berth, running.roster(), gate, free::bytes);
        CommandDesk taking = new CommandDesk(running, known, gate, berth);
        around.learning().tell(taking, around.others());
        Heartbeat heartbeat =
                new Heartbeat(berth, running, new Heartbeat.Self(info, instance), gate);
        taking.onDrain(heartbeat::speak);
        closers.push(heartbeat::stop);
        closers.push(() -> new Departure(running.roster(), settings, context).begin(fenced));
        closers.push(BusDesk.open(vertx, new OwnDesk(berth, running))::close);
        closers.push(() -> Future.join(jobs.close(), control.close()).mapEmpty());
        closers.push(guard::stop);
        heartbeat.start();
        guard.start();
        return control.start(taking::take)
                .compose(started -> jobs.start(taking::take))
                .onSuccess(
                        started -> {
                            jobs.ended().onFailure(this::end);
                            log.info(
                                    "node {} takes commands: engine {} (API {}), {}",
                                    settings.nodeId(),
                                    info.version(),
                                    info.api(),
                                    running.ledger().capacity());
                        });
    }

    /**
     * The engine tells cores and memory; the host has to be asked for its GPUs, which may block.
     */
    private Future<NodeCapacity> capacity(EngineInfo info) {
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("longshore-gpus", 1);
        return workers.executeBlocking(inventory::read, false)
                .eventually(workers::close)
                .map(
                        found -> {
                            found.notes().forEach(note -> log.warn("GPUs: {}", note));
                            double cpuNanos = info.cores() * 1e9 * settings.cpuOvercommit();
                            Grant total =
                                    new Grant(
                                            (long) cpuNanos,
                                            info.memoryBytes(),
                                            Integer.MAX_VALUE,
                                            found.gpus());
                            return new NodeCapacity(total, settings.maxRunning());
                        });
    }
}
