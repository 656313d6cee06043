package dev.longshore.board;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;

import io.vertx.core.Future;

import java.util.List;
import java.util.function.Function;

/**
 * Where log readers get their records: from the topic in life, scripted in tests. Called on the
 * board's context and answers there.
 */
interface LogFeed {
    /**
     * Gives the records of the execution that are written from now on, until closed; may repeat
     * earlier ones.
     *
     * @return succeeds once every record that is written from then on will come
     */
    Future<Watch> live(ExecutionId id, Follower follower);

    /** Who is told what is written. */
    interface Follower {
        /** One record. */
        void handle(LogRecord entry);

        /** Some lines at once, as one value that others are told too. */
        default void handleRun(LineRun run) {
            run.lines().forEach(this::handle);
        }
    }

    /** The offset that the next record of the partition will have. */
    Future<Long> endOffset(LogPosition position);

    /**
     * An offset from which on everything comes to those who follow already; what is before it is
     * there to be read. Cheaper than {@link #endOffset}, which may be further on.
     */
    default Future<Long> liveOffset(LogPosition position) {
        return endOffset(position);
    }

    /**
     * Reads records that are there, in order.
     *
     * @param span whose, and from where to where
     * @param sink gets them in pieces; the next piece comes when its future succeeds, a failed one
     *     ends the reading
     * @return succeeds when all were taken
     */
    Future<Void> history(Span span, Function<List<LogRecord>, Future<Void>> sink);

    /**
     * A part of a log.
     *
     * @param executionId whose records
     * @param from where to start
     * @param toOffset the first offset not to read any more
     */
    record Span(ExecutionId executionId, LogPosition from, long toOffset) {}
}
