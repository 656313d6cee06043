package dev.longshore.job;

import org.jspecify.annotations.Nullable;

/** What can be asked of a node. {@link Start} comes by the topic {@code jobs}, every other by {@code control}. */
public sealed interface JobCommand {
    /** Run this execution, once. */
    record Start(ExecutionRequest request) implements JobCommand {}

    /** A command about one execution, whichever node runs it. */
    sealed interface Control extends JobCommand permits Cancel, Remove {
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
     * Remove what a finished execution left on its node.
     *
     * @param executionId the execution meant
     */
    record Remove(ExecutionId executionId) implements Control {}

    /**
     * Remove every container, network and volume that carries this node's label and belongs to no live execution.
     *
     * @param nodeId the node meant
     */
    record Cleanup(NodeId nodeId) implements JobCommand {}
}
