package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Which part of an execution's log a reader wants (the seed's {@code LogStreamRequest}).
 *
 * @param executionId whose log
 * @param tail at most this many of the lines that are already there, {@link #ALL}, or 0 for only
 *     what is new
 * @param follow whether to go on with new lines until the end
 * @param after only lines with a greater seq; -1 for all
 * @param stream only this stream, or null for both
 * @param scope of which attempts and of which time
 */
public record LogStreamRequest(
        ExecutionId executionId,
        long tail,
        boolean follow,
        long after,
        @Nullable LogStream stream,
        Scope scope) {
    /** All lines that are there. */
    public static final long ALL = Long.MAX_VALUE;

    /** Refuses negative counts. */
    public LogStreamRequest {
        Checks.required(executionId, "executionId");
        Checks.atLeast(0, tail, "tail");
        Checks.atLeast(-1, after, "after");
        Checks.required(scope, "scope");
    }

    /** Of every attempt and of any time. */
    public LogStreamRequest(
            ExecutionId executionId,
            long tail,
            boolean follow,
            long after,
            @Nullable LogStream stream) {
        this(executionId, tail, follow, after, stream, Scope.ALL);
    }

    /**
     * Of which attempts, and of which time.
     *
     * @param attempt only this attempt, or 0 for all, in their order
     * @param afterAttempt the attempt that {@code after} counts in: of an earlier one nothing is
     *     wanted, of a later one everything; 0 for the latest that is known
     * @param since only lines of this time or later, or null
     * @param until only lines of this time or earlier, or null
     */
    public record Scope(
            int attempt, int afterAttempt, @Nullable Instant since, @Nullable Instant until) {
        /** Every attempt, any time. */
        public static final Scope ALL = new Scope(0, 0, null, null);

        /** Refuses negative numbers. */
        public Scope {
            Checks.atLeast(0, attempt, "attempt");
            Checks.atLeast(0, afterAttempt, "afterAttempt");
        }

        private boolean has(LogRecord.Line line) {
            return (attempt == 0 || line.attempt() == attempt)
                    && (since == null || !line.time().isBefore(since))
                    && (until == null || !line.time().isAfter(until));
        }
    }

    /** Everything so far, and no more. */
    public static LogStreamRequest everything(ExecutionId executionId) {
        return new LogStreamRequest(executionId, ALL, false, -1, null);
    }

    /** Everything so far, then what comes, to the end. */
    public static LogStreamRequest following(ExecutionId executionId) {
        return new LogStreamRequest(executionId, ALL, true, -1, null);
    }

    /** Whether neither the stream nor the time of a line matters. */
    public boolean wantsEveryLine() {
        return stream == null && scope.since() == null && scope.until() == null;
    }

    /** Whether the line is of the stream, the attempt and the time that are wanted. */
    public boolean wants(LogRecord.Line line) {
        return (stream == null || stream == line.stream()) && scope.has(line);
    }
}
