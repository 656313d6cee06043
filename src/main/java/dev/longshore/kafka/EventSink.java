package dev.longshore.kafka;

import dev.longshore.job.ExecutionResult;
import dev.longshore.job.LogRecord;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

/**
 * Publishes what happened. Called on one context and answers there. Events of one execution are
 * written in the order of the calls. A future succeeds when every in-sync replica has the event; it
 * fails only where the event can never be written, since a broker that is away is waited for.
 */
public interface EventSink {
    /**
     * Publishes one status.
     *
     * @param traceparent trace context to pass on, or null
     */
    Future<Void> status(StatusEvent event, @Nullable String traceparent);

    /**
     * Publishes the end of an execution: final status, result and end of the log appear together or
     * not at all.
     */
    Future<Void> finish(Finale finale);

    /** Publishes the state of this node. */
    Future<Void> node(NodeStatus status);

    /**
     * Completed once nothing that an earlier life of this node, or another node in its place, began
     * to say of its ends can still appear: whoever reads after that reads all of it. Waits for
     * brokers that are away.
     */
    Future<Void> opened();

    /**
     * Completed after {@link #close}; fails with {@link FencedException} once no ends of executions
     * are taken from here any more.
     */
    Future<Void> ended();

    /** Waits for what is on its way, at most for a deadline of its own, then lets go. */
    Future<Void> close();

    /**
     * The last three things said about an execution.
     *
     * @param status its final status
     * @param result its result
     * @param logEnd the end of its log
     * @param traceparent trace context to pass on, or null
     */
    record Finale(
            StatusEvent status,
            ExecutionResult result,
            LogRecord.End logEnd,
            @Nullable String traceparent) {}
}
