package dev.longshore.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of an execution, as published.
 *
 * @param executionId the execution
 * @param jobId its job
 * @param nodeId the node that speaks
 * @param attempt from 1
 * @param sequence from 1, one more with every event of the execution
 * @param state where it stands now
 * @param previous where it stood before, null at the first event
 * @param reason why, where the state needs one
 * @param message for people, or null
 * @param time when, by the node's clock
 * @param containerId once there is a container
 * @param image which image
 * @param resources what the node grants
 * @param log where its log starts, from {@code running} on
 * @param specHash hash of the start command
 */
public record StatusEvent(
        ExecutionId executionId,
        JobId jobId,
        NodeId nodeId,
        int attempt,
        long sequence,
        ExecutionState state,
        @Nullable ExecutionState previous,
        @Nullable Reason reason,
        @Nullable String message,
        Instant time,
        @Nullable String containerId,
        @Nullable ImageIdentity image,
        @Nullable Grant resources,
        @Nullable LogPosition log,
        String specHash) {
    /** Refuses nulls by name and numbers below 1. */
    public StatusEvent {
        Checks.required(executionId, "executionId");
        Checks.required(jobId, "jobId");
        Checks.required(nodeId, "nodeId");
        Checks.atLeast(1, attempt, "attempt");
        Checks.atLeast(1, sequence, "sequence");
        Checks.required(state, "state");
        Checks.required(time, "time");
        Checks.required(specHash, "specHash");
    }
}
