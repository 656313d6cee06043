package dev.longshore.job;

import java.time.Instant;

/** One record of an execution's log, in the order of the topic. */
public sealed interface LogRecord {
    /** The execution that the record belongs to. */
    ExecutionId executionId();

    /** The attempt, from 1. */
    int attempt();

    /**
     * A line, or a piece of a very long one.
     *
     * @param executionId the execution
     * @param attempt the attempt, from 1
     * @param seq position in the container's own log, from 0, one count over both streams: a
     *     re-read gives the same
     * @param stream where it was printed
     * @param time when the engine read it, with nanoseconds
     * @param bytes the line without its newline; not copied, so nobody may change it
     * @param partial whether no newline follows: the line goes on in the next record of the same
     *     stream, or was its last and had none
     */
    @SuppressWarnings(
            "ArrayRecordComponent") // bytes stay bytes from the engine to Kafka; a copy per line
    // would cost
    record Line(
            ExecutionId executionId,
            int attempt,
            long seq,
            LogStream stream,
            Instant time,
            byte[] bytes,
            boolean partial)
            implements LogRecord {
        /** The most bytes of one line; a longer one is cut in pieces. */
        public static final int MAX_BYTES = 64 << 10;
    }

    /**
     * Lines that could not be had: said instead of silence.
     *
     * @param executionId the execution
     * @param attempt the attempt, from 1
     * @param reason why, such as {@code engine-restart}
     * @param missingLines how many, -1 where not known
     */
    record Gap(ExecutionId executionId, int attempt, String reason, long missingLines)
            implements LogRecord {}

    /**
     * Nothing follows.
     *
     * @param executionId the execution
     * @param attempt the attempt, from 1
     * @param lines how many lines there were
     * @param complete false where one may be missing
     */
    record End(ExecutionId executionId, int attempt, long lines, boolean complete)
            implements LogRecord {}
}
