package dev.longshore.kafka;

import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;

/**
 * Another process works under this node's id: this one must end, or both would act for the same
 * containers.
 */
public final class NodeIdTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String WHAT_TO_DO =
            ": stop one of the two, or give this node an id of its own (node.id)";

    /** Of a process that was at work: names the id, and what the broker said. */
    public NodeIdTakenException(NodeId nodeId, Throwable cause) {
        super("another process uses the node id " + nodeId + WHAT_TO_DO, cause);
    }

    /** Of a process that would begin: names the id, and where the other process is. */
    public NodeIdTakenException(NodeStatus other) {
        super("the node id " + other.nodeId() + " is in use" + where(other) + WHAT_TO_DO);
    }

    private static String where(NodeStatus other) {
        NodeStatus.Engine engine = other.engine();
        return (engine == null ? "" : " with the engine of " + engine.name())
                + (other.url() == null ? "" : " at " + other.url());
    }
}
