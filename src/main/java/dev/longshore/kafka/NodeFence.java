package dev.longshore.kafka;

import dev.longshore.job.NodeId;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Takes a node's right to end executions away from it, in case it is not dead but cut off, and ends
 * them in its place. Called on one context and answers there.
 */
public interface NodeFence {
    /**
     * Opens the transactions of that node: from here on neither the node nor anybody who raised the
     * fence before can commit one, until somebody opens them after this. What they committed stands
     * before the end of the topics.
     *
     * @return fails where the brokers do not answer within twenty seconds
     */
    Future<Raised> raise(NodeId lost);

    /** The right to speak in the place of a node, as long as nobody takes it. */
    interface Raised {
        /**
         * Publishes ends, and what is taken over, together or not at all.
         *
         * @return fails where somebody else opened the node's transactions meanwhile, and where the
         *     brokers did not answer in time: then it is not known whether it was published
         */
        Future<Void> write(List<EventSink.Finale> ends, List<Handover> handovers);

        /** Lets go of the right; never fails. */
        Future<Void> close();
    }

    /**
     * An execution that this node takes on.
     *
     * @param status says so
     * @param traceparent trace context to pass on, or null
     */
    record Handover(StatusEvent status, @Nullable String traceparent) {}
}
