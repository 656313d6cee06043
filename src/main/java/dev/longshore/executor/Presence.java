package dev.longshore.executor;

import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which nodes are silent, by this node's own clock that only goes forward: what counts is when it
 * heard of them, not what their clocks say. A node that does not hear itself is cut off, and takes
 * nobody for silent. Lives on the executor's context.
 */
final class Presence {
    /**
     * Who was not heard for so long is silent. It is longer than {@link Mandate#FRESH} by what two
     * clocks and a busy machine may differ: a node that was silent for so long starts nothing
     * before it has heard what was said meanwhile.
     */
    static final Duration SILENCE = Heartbeat.PERIOD.multipliedBy(3);

    private final NodeId here;
    private final LongSupplier nanoTime;
    private final Map<NodeId, Heard> nodes = new HashMap<>();
    private boolean watching;
    private long watchingSinceNanos;
    private long ownNanos;

    private record Heard(boolean goodbye, long atNanos) {}

    /**
     * @param here this node
     * @param nanoTime a clock that only goes forward
     */
    Presence(NodeId here, LongSupplier nanoTime) {
        this.here = here;
        this.nanoTime = nanoTime;
    }

    /** Hears what a node says of itself, this one included. */
    void heard(NodeStatus status) {
        long now = nanoTime.getAsLong();
        if (status.nodeId().equals(here)) {
            if (!watching || now - ownNanos > SILENCE.toNanos()) {
                watching = true;
                watchingSinceNanos = now;
            }
            ownNanos = now;
        }
        nodes.put(status.nodeId(), new Heard(status.state() == NodeStatus.State.STOPPED, now));
    }

    /** Hears a node say anything else. */
    void heard(NodeId node) {
        nodes.put(node, new Heard(false, nanoTime.getAsLong()));
    }

    /** Whether the node said goodbye, or was not heard for long while this one was. */
    boolean isSilent(NodeId node) {
        Heard last = nodes.get(node);
        if (last != null && last.goodbye()) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (!watching || now - ownNanos > SILENCE.toNanos()) {
            return false;
        }
        long since =
                last == null || last.atNanos() - watchingSinceNanos < 0
                        ? watchingSinceNanos
                        : last.atNanos();
        return now - since > SILENCE.toNanos();
    }
}
