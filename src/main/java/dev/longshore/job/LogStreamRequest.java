package dev.longshore.job;

import org.jspecify.annotations.Nullable;

/**
 * Which part of an execution's log a reader wants (the seed's {@code LogStreamRequest}).
 *
 * @param executionId whose log
 * @param tail at most this many of the lines that are already there, {@link #ALL}, or 0 for only what is new
 * @param follow whether to go on with new lines until the end
 * @param after only lines with a greater seq; -1 for all
 * @param stream only this stream, or null for both
 */
public record LogStreamRequest(
        ExecutionId executionId, long tail, boolean follow, long after, @Nullable LogStream stream) {
    /** All lines that are there. */
    public static final long ALL = Long.MAX_VALUE;

    /** Refuses negative counts. */
    public LogStreamRequest {
        Checks.required(executionId, "executionId");
        Checks.atLeast(0, tail, "tail");
        Checks.atLeast(-1, after, "after");
    }

    /** Everything so far, and no more. */
    public static LogStreamRequest everything(ExecutionId executionId) {
        return new LogStreamRequest(executionId, ALL, false, -1, null);
    }

    /** Everything so far, then what comes, to the end. */
    public static LogStreamRequest following(ExecutionId executionId) {
        return new LogStreamRequest(executionId, ALL, true, -1, null);
    }
}
