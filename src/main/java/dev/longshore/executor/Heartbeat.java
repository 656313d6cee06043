package dev.longshore.executor;

import dev.longshore.capacity.Ledger;
import dev.longshore.docker.EngineInfo;
import dev.longshore.job.NodeStatus;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Says every ten seconds that the node lives, what it has and whether its engine answers; commands
 * are not taken while it does not. Lives on the executor's context.
 */
final class Heartbeat {
    static final Duration PERIOD = Duration.ofSeconds(10);

    /** A broker that is away need not hear that the node stops: the silence says it later. */
    private static final long LONGEST_GOODBYE_SECONDS = 1;

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    private final Berth berth;
    private final Executor executor;
    private final Self self;
    private final Gate gate;
    private Timers.@Nullable Timer next;
    private Future<Void> told = Future.succeededFuture();
    private boolean changed;
    private boolean stopped;

    /**
     * Who speaks.
     *
     * @param engine the engine of this node
     * @param instance this process, told from earlier ones of the same node
     */
    record Self(EngineInfo engine, String instance) {}

    Heartbeat(Berth berth, Executor executor, Self self, Gate gate) {
        this.berth = berth;
        this.executor = executor;
        this.self = self;
        this.gate = gate;
    }

    /** Speaks now, and from now on. */
    void start() {
        beat();
    }

    /**
     * Speaks out of turn, since something has changed. While a broker is away at most one word is
     * on its way, and the newest follows it: what nobody heard in time is of no use later.
     */
    void speak() {
        if (!told.isComplete()) {
            changed = true;
            return;
        }
        changed = false;
        told = berth.voice().sink().node(status(state()));
        told.onComplete(
                done -> {
                    if (changed && !stopped) {
                        speak();
                    }
                });
    }

    private NodeStatus.State state() {
        if (gate.isHeld(Gate.Reason.ENGINE_AWAY) || gate.isHeld(Gate.Reason.DISK_FULL)) {
            return NodeStatus.State.DEGRADED;
        }
        return gate.isHeld(Gate.Reason.DRAINING)
                ? NodeStatus.State.DRAINING
                : NodeStatus.State.READY;
    }

    /** Says goodbye; completed when Kafka knows, fails after a second without an answer. */
    Future<Void> stop() {
        stopped = true;
        if (next != null) {
            next.cancel();
        }
        return berth.voice()
                .sink()
                .node(status(NodeStatus.State.STOPPED))
                .timeout(LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS);
    }

    private void beat() {
        berth.docker()
                .ping()
                .onComplete(
                        answer -> {
                            if (stopped) {
                                return;
                            }
                            boolean away = answer.failed();
                            if (away != gate.isHeld(Gate.Reason.ENGINE_AWAY)) {
                                log.warn(
                                        away
                                                ? "the engine does not answer, no commands are"
                                                        + " taken: {}"
                                                : "the engine answers again{}",
                                        away ? answer.cause().getMessage() : "");
                                gate.set(Gate.Reason.ENGINE_AWAY, away);
                            }
                            speak();
                            next = berth.timers().after(PERIOD, this::beat);
                        });
    }

    private NodeStatus status(NodeStatus.State state) {
        ExecutorSettings settings = berth.settings();
        Ledger ledger = executor.ledger();
        EngineInfo engine = self.engine();
        return new NodeStatus(
                settings.nodeId(),
                settings.version(),
                settings.url(),
                state,
                new NodeStatus.Engine(engine.name(), engine.version(), engine.api()),
                ledger.capacity().total(),
                ledger.allocated(),
                executor.running(),
                executor.waiting(),
                settings.labels(),
                berth.timers().now(),
                self.instance(),
                ledger.capacity().maxRunning());
    }
}
