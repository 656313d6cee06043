package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

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
 * @param pull how far the fetch of the image is, while that is on
 * @param ports its ports that are reachable from the host, with the host's real ports, from {@code
 *     running} on
 * @param log where its log starts, from {@code running} on
 * @param specHash hash of the start command
 * @param command where the start command stands, or null where it did not come by a topic
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
        @Nullable PullState pull,
        List<PortBinding> ports,
        @Nullable LogPosition log,
        String specHash,
        @Nullable CommandPosition command) {
    /** Refuses nulls by name and numbers below 1. */
    public StatusEvent {
        Checks.required(executionId, "executionId");
        Checks.required(jobId, "jobId");
        Checks.required(nodeId, "nodeId");
        Checks.atLeast(1, attempt, "attempt");
        Checks.atLeast(1, sequence, "sequence");
        Checks.required(state, "state");
        Checks.required(time, "time");
        ports = List.copyOf(ports);
        Checks.required(specHash, "specHash");
    }

    /** The event after this one that tells how the execution ended. */
    public StatusEvent next(Outcome outcome, Instant now) {
        return new StatusEvent(
                executionId,
                jobId,
                nodeId,
                attempt,
                sequence + 1,
                outcome.state(),
                state,
                outcome.reason(),
                outcome.message(),
                now,
                containerId,
                image,
                resources,
                null,
                ports,
                log,
                specHash,
                command);
    }

    /** Without ports. */
    public StatusEvent(
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
        this(
                executionId,
                jobId,
                nodeId,
                attempt,
                sequence,
                state,
                previous,
                reason,
                message,
                time,
                containerId,
                image,
                resources,
                null,
                List.of(),
                log,
                specHash,
                null);
    }
}
