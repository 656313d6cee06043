package dev.longshore.executor;

import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;

import io.vertx.core.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Judges which nodes do not come back, and whether it is for this one to settle what they left. The
 * measure is this node's own clock, and the occasion its own heartbeat, when that comes back by the
 * topic: what others said before it has been heard then, so that a node which is cut off itself
 * judges nobody. Lives on the executor's context.
 */
final class LostNodes {
    /** Who was not heard for three heartbeats is not there; nor was this node, of itself. */
    static final Duration ABSENCE = Heartbeat.PERIOD.multipliedBy(3);

    private static final Logger log = LoggerFactory.getLogger(LostNodes.class);

    private final Self self;
    private final Timers timers;
    private final Known known;
    private final Settlement settlement;
    private final Map<NodeId, Heard> others = new HashMap<>();
    private boolean watching;
    private long watchingSinceNanos;
    private long ownNanos;
    private boolean settling;

    /**
     * Who judges.
     *
     * @param nodeId this node
     * @param instance this life of it
     * @param lostAfter how long a node has to be silent; zero for never
     */
    record Self(NodeId nodeId, String instance, Duration lostAfter) {}

    /**
     * A node that does not come back.
     *
     * @param nodeId which
     * @param silence for how long it was not heard here
     */
    record Loss(NodeId nodeId, Duration silence) {}

    /** Settles what a node left. */
    interface Settlement {
        /** Completed when done for now; what could not be done is asked for again. */
        Future<Void> settle(Loss loss);
    }

    private record Heard(NodeStatus.State state, long atNanos) {}

    LostNodes(Self self, Timers timers, Known known, Settlement settlement) {
        this.self = self;
        this.timers = timers;
        this.known = known;
        this.settlement = settlement;
    }

    /** Hears what any node says of itself, this one included. */
    void heard(NodeStatus status) {
        long now = timers.nanoTime();
        if (!status.nodeId().equals(self.nodeId())) {
            others.put(status.nodeId(), new Heard(status.state(), now));
        } else if (self.instance().equals(status.instance())) {
            own(status.state(), now);
        }
    }

    private void own(NodeStatus.State state, long now) {
        if (!watching || now - ownNanos > ABSENCE.toNanos()) {
            watching = true;
            watchingSinceNanos = now;
        }
        ownNanos = now;
        if (state != NodeStatus.State.READY || self.lostAfter().isZero() || settling) {
            return;
        }
        List<Loss> losses =
                known.owners().stream()
                        .filter(owner -> !owner.equals(self.nodeId()))
                        .map(owner -> new Loss(owner, silence(owner, now)))
                        .filter(loss -> loss.silence().compareTo(patience(now)) >= 0)
                        .sorted(Comparator.comparing(loss -> loss.nodeId().value()))
                        .toList();
        settle(losses);
    }

    private Duration silence(NodeId node, long now) {
        Heard heard = others.get(node);
        long since =
                heard == null || heard.atNanos() - watchingSinceNanos < 0
                        ? watchingSinceNanos
                        : heard.atNanos();
        return Duration.ofNanos(now - since);
    }

    /**
     * The first of those that are ready acts in time, the next one half a minute later, and so on:
     * usually one does, and if that one does not, another does.
     */
    private Duration patience(long now) {
        long before =
                others.entrySet().stream()
                        .filter(
                                other ->
                                        other.getValue().state() == NodeStatus.State.READY
                                                && now - other.getValue().atNanos()
                                                        < ABSENCE.toNanos()
                                                && other.getKey()
                                                                .value()
                                                                .compareTo(self.nodeId().value())
                                                        < 0)
                        .count();
        return self.lostAfter().plus(ABSENCE.multipliedBy(before));
    }

    private void settle(List<Loss> losses) {
        settling = true;
        Future<Void> done = Future.succeededFuture();
        for (Loss loss : losses) {
            done = done.eventually(() -> settle(loss));
        }
        done.onComplete(any -> settling = false);
    }

    private Future<Void> settle(Loss loss) {
        return settlement
                .settle(loss)
                .timeout(2, TimeUnit.MINUTES)
                .onFailure(
                        failure ->
                                log.warn(
                                        "what node {} left is not settled yet: {}",
                                        loss.nodeId(),
                                        failure.getMessage()));
    }
}
