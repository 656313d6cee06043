package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What can be asked of a node. {@link Start} comes by the topic {@code jobs}, every other by {@code
 * control}.
 */
public sealed interface JobCommand {
    /** Run this execution, once. */
    record Start(ExecutionRequest request) implements JobCommand {}

    /** A command about one execution, whichever node runs it. */
    sealed interface Control extends JobCommand
            permits Cancel, Pause, Resume, Signal, Extend, Remove {
        /** The execution meant. */
        ExecutionId executionId();
    }

    /**
     * End this execution now, or, if it is not known yet, as soon as it is asked for.
     *
     * @param executionId the execution meant
     * @param reason what the person who cancelled has to say, or null
     */
    record Cancel(ExecutionId executionId, @Nullable String reason) implements Control {}

    /**
     * Freeze the program; its time goes on.
     *
     * @param executionId the execution meant
     */
    record Pause(ExecutionId executionId) implements Control {}

    /**
     * Let a frozen program go on.
     *
     * @param executionId the execution meant
     */
    record Resume(ExecutionId executionId) implements Control {}

    /**
     * Send the program a signal.
     *
     * @param executionId the execution meant
     * @param signal such as {@code SIGHUP}
     */
    record Signal(ExecutionId executionId, String signal) implements Control {}

    /**
     * Give the program another time, counted from its start.
     *
     * @param executionId the execution meant
     * @param run how long it may run in all
     */
    record Extend(ExecutionId executionId, Duration run) implements Control {}

    /**
     * Remove what a finished execution left on its node.
     *
     * @param executionId the execution meant
     */
    record Remove(ExecutionId executionId) implements Control {}

    /**
     * Take no new executions until {@link Undrain}; those that are there go on.
     *
     * @param nodeId the node meant
     */
    record Drain(NodeId nodeId) implements JobCommand {}

    /**
     * Take executions again.
     *
     * @param nodeId the node meant
     */
    record Undrain(NodeId nodeId) implements JobCommand {}

    /**
     * Remove every container, network and volume that carries this node's label and belongs to no
     * live execution.
     *
     * @param nodeId the node meant
     */
    record Cleanup(NodeId nodeId) implements JobCommand {}

    /**
     * Fetch this image, so that it is there when it is needed.
     *
     * @param nodeId the node meant
     * @param image image reference
     * @param platform {@code os/architecture}, or null for the engine's own
     * @param registryAuth the name of a credential that the node holds, or null
     */
    record Prefetch(
            NodeId nodeId, String image, @Nullable String platform, @Nullable String registryAuth)
            implements JobCommand {}
}
