package dev.longshore.board;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import io.vertx.core.Future;
import io.vertx.core.Handler;

/**
 * Where log readers get their records: from the topic in life, scripted in tests. Called on the board's context and
 * answers there.
 */
interface LogFeed {
    /** The offset that the next record of the partition will have. */
    Future<Long> endOffset(LogPosition position);

    /** Reads the records of one execution in {@code span}, in order, until its {@link Reading#done()}. */
    Reading history(Span span, Handler<Placed> each);

    /** Gives every record of the execution that is written from now on, until closed; may repeat earlier ones. */
    Watch live(ExecutionId id, LogPosition position, Handler<Placed> each);

    /**
     * A part of a log.
     *
     * @param executionId whose records
     * @param from where to start
     * @param toOffset the first offset not to read any more
     */
    record Span(ExecutionId executionId, LogPosition from, long toOffset) {}

    /**
     * A record and its place.
     *
     * @param offset its offset in the partition
     * @param record what it says
     */
    record Placed(long offset, LogRecord record) {}

    /** History being read. */
    interface Reading {
        /** Succeeds after the last record was given; fails where reading did. Does neither once closed. */
        Future<Void> done();

        /** No records until {@link #resume()}; the few that are on their way may still come. */
        void pause();

        /** Goes on. */
        void resume();

        /** Reads no more. */
        void close();
    }
}
