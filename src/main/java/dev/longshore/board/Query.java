package dev.longshore.board;

import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobGlob;
import dev.longshore.job.JobId;
import dev.longshore.job.NodeId;
import dev.longshore.job.StatusEvent;

import org.jspecify.annotations.Nullable;

/**
 * Which executions a caller wants to see, newest first.
 *
 * @param state only those in this state, or null
 * @param jobId only those of this job, or null
 * @param nodeId only those of this node, or null
 * @param jobs only those of jobs whose ids are such, or null
 * @param limit at most this many, 1 to {@link #MAX_LIMIT}
 * @param cursor where the page before ended, or null for the first page
 */
public record Query(
        @Nullable ExecutionState state,
        @Nullable JobId jobId,
        @Nullable NodeId nodeId,
        @Nullable JobGlob jobs,
        int limit,
        @Nullable Cursor cursor) {
    /** The most executions of one page. */
    public static final int MAX_LIMIT = 1_000;

    /** The executions of a page, where the caller has no wish. */
    public static final int DEFAULT_LIMIT = 100;

    /** Refuses a limit out of range. */
    public Query {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "limit must be 1 to " + MAX_LIMIT + ", was " + limit);
        }
    }

    /** Of whatever jobs. */
    public Query(
            @Nullable ExecutionState state,
            @Nullable JobId jobId,
            @Nullable NodeId nodeId,
            int limit,
            @Nullable Cursor cursor) {
        this(state, jobId, nodeId, null, limit, cursor);
    }

    /** The newest executions, whatever they are. */
    public static Query newest() {
        return new Query(null, null, null, null, DEFAULT_LIMIT, null);
    }

    /** Whether the execution, as it stands, is one of those. */
    public boolean matches(Execution execution) {
        return matches(execution.latest());
    }

    /** Whether the execution was one of those at any time that is still known. */
    public boolean matched(Execution execution) {
        return execution.history().stream().anyMatch(this::matches);
    }

    private boolean matches(StatusEvent event) {
        return (state == null || state == event.state())
                && (jobId == null || jobId.equals(event.jobId()))
                && (jobs == null || jobs.matches(event.jobId()))
                && (nodeId == null || nodeId.equals(event.nodeId()));
    }
}
