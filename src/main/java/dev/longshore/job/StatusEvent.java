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

    /**
     * Whether this is news to somebody who knows {@code known} of the same execution. A final state
     * always is, unless one is known: it is written once, by a node that has made sure that no
     * other can. What a node says of an execution that another has taken over since is not, nor is
     * what belongs to an earlier attempt.
     */
    public boolean isNewsAfter(StatusEvent known) {
        if (known.state().isFinal() || state.isFinal()) {
            return !known.state().isFinal();
        }
        boolean takesOver = state == ExecutionState.ACCEPTED;
        return sequence > known.sequence()
                && attempt >= known.attempt()
                && (takesOver || nodeId.equals(known.nodeId()));
    }

    /** The event after this one, by which another node tells how the execution ended. */
    public StatusEvent endedBy(NodeId speaker, Outcome outcome, Instant now) {
        return new StatusEvent(
                executionId,
                jobId,
                speaker,
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

    /** The event after this one, by which another node takes the execution on for one more try. */
    public StatusEvent takenOverBy(NodeId speaker, String message, Instant now) {
        return new StatusEvent(
                executionId,
                jobId,
                speaker,
                attempt + 1,
                sequence + 1,
                ExecutionState.ACCEPTED,
                state,
                Reason.NODE_LOST,
                message,
                now,
                null,
                image == null ? null : new ImageIdentity(image.reference(), null),
                null,
                null,
                List.of(),
                null,
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
