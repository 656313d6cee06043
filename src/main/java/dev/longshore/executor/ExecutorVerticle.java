package dev.longshore.executor;

import dev.longshore.bus.BusDesk;
import dev.longshore.capacity.GpuInventory;
import dev.longshore.capacity.Ledger;
import dev.longshore.capacity.NodeCapacity;
import dev.longshore.docker.Docker;
import dev.longshore.docker.EngineInfo;
import dev.longshore.job.CrashPoint;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.Grant;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;
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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
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
    private static final long LONGEST_STOP_SECONDS = 20;

    /** Between stop signal and SIGKILL when the node stops, whatever an execution asks for. */
    private static final Duration MOST_GRACE = Duration.ofSeconds(10);

    private final ExecutorSettings settings;
    private final KafkaClients kafka;
    private final Function<Vertx, Docker> engine;
    private final GpuInventory inventory;
    private final Consumer<Throwable> onFatal;
    private final String instance = UUID.randomUUID().toString();
    private final Deque<Supplier<Future<Void>>> closers = new ArrayDeque<>();
    private @Nullable CommandDesk desk;
    private volatile @Nullable Executor executor;

    /**
     * What the executor stands on.
     *
     * @param kafka makes what reads and writes topics
     * @param engine makes the engine's port, on the verticle's own Vert.x
     * @param inventory finds the GPUs of the engine's host
     * @param onFatal told, once, when the node must end: another process has its id
     */
    public record Ground(
            KafkaClients kafka,
            Function<Vertx, Docker> engine,
            GpuInventory inventory,
            Consumer<Throwable> onFatal) {}

    /**
     * What the executor found around it.
     *
     * @param engine the engine
     * @param free how much room is left
     */
    private record Surroundings(EngineInfo engine, FreeSpace free) {}

    /** Prepares; talks to nobody yet. */
    public ExecutorVerticle(ExecutorSettings settings, Ground ground) {
        this.settings = settings;
        this.kafka = ground.kafka();
        this.engine = ground.engine();
        this.inventory = ground.inventory();
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
        closers.push(events::close);
        LineSink lines = kafka.lineSink(context);
        closers.push(lines::close);
        Timers timers = Timers.of(vertx);
        Path engineRoot = Path.of(info.rootDirectory());
        Path resultRoot = settings.results().directory().toAbsolutePath();
        FreeSpace free = new FreeSpace(vertx, List.of(engineRoot, resultRoot));
        EngineWatch watch = new EngineWatch(timers, null);
        watch.start(docker, settings.nodeId());
        closers.push(watch::stop);
        Downloads downloads = new Downloads(vertx, results, settings);
        closers.push(downloads::close);
        Berth berth =
                new Berth(
                        settings,
                        docker,
                        watch,
                        new Pulls(docker, settings.parallelPulls()),
                        new Mounts(
                                vertx, settings.policy().mounts(), Set.of(engineRoot, resultRoot)),
                        downloads,
                        lines,
                        results,
                        new Voice(events, timers));
        Known known = new Known(REMEMBERED_EXECUTIONS);
        Executor running = new Executor(berth, known, new Ledger(capacity));
        executor = running;
        ImageCache images = new ImageCache(berth, free::bytes);
        return learn(known, images)
                .compose(learnt -> adopt(berth, running, known))
                .compose(
                        settled ->
                                takeCommands(berth, running, known, new Surroundings(info, free)))
                .onSuccess(
                        taking -> {
                            Housekeeping tidying =
                                    new Housekeeping(berth, images, running.roster());
                            closers.push(tidying::stop);
                            tidying.start();
                        });
    }

    private Future<Void> adopt(Berth berth, Executor running, Known known) {
        return new Adoption(berth, running, known, new TopicMemory(kafka, context)).settle();
    }

    private Future<Void> letGo(Executor running) {
        CrashPoint.WHILE_DRAINING.passed();
        return switch (settings.drain()) {
            case STOP -> inTime(running, running.roster().endAll(MOST_GRACE));
            case DETACH -> inTime(running, running.roster().detachAll());
            case WAIT ->
                    running.roster()
                            .awaitAll()
                            .timeout(settings.drainTimeout().toMillis(), TimeUnit.MILLISECONDS)
                            .transform(over -> inTime(running, running.roster().detachAll()));
        };
    }

    /** In good time, since whoever stops the node may not wait for long; what is left is named. */
    private static Future<Void> inTime(Executor running, Future<Void> done) {
        return done.timeout(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)
                .onFailure(
                        failure ->
                                log.error(
                                        "stopping without the results of {}: {}",
                                        running.roster().withContainer(),
                                        failure.getMessage()));
    }

    private Future<Void> learn(Known known, ImageCache images) {
        EventSource source = kafka.eventSource(context);
        closers.push(source::close);
        return source.start(
                        new EventSource.Listener() {
                            @Override
                            public void status(StatusEvent event) {
                                known.learn(event);
                                images.learn(event, settings.nodeId());
                                if (desk != null) {
                                    desk.learned(event);
                                }
                            }

                            @Override
                            public void result(ExecutionResult result) {
                                // the final status says what is needed here
                            }

                            @Override
                            public void node(NodeStatus status) {
                                known.learn(status);
                            }
                        })
                .compose(started -> source.caughtUp());
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
        desk = taking;
        Heartbeat heartbeat =
                new Heartbeat(berth, running, new Heartbeat.Self(info, instance), gate);
        taking.onDrain(heartbeat::speak);
        closers.push(heartbeat::stop);
        closers.push(() -> letGo(running));
        closers.push(BusDesk.open(vertx, new OwnDesk(berth, running))::close);
        closers.push(jobs::close);
        closers.push(control::close);
        closers.push(guard::stop);
        heartbeat.start();
        guard.start();
        return control.start(taking::take)
                .compose(started -> jobs.start(taking::take))
                .onSuccess(
                        started -> {
                            jobs.ended().onFailure(onFatal::accept);
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
