package dev.longshore.kafka;

import dev.longshore.job.NodeId;

/**
 * Another process works under this node's id: this one must end, or both would act for the same
 * containers.
 */
public final class NodeIdTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names the id, and what the broker said. */
    public NodeIdTakenException(NodeId nodeId, Throwable cause) {
        super(
                "another process uses the node id " + nodeId + ": each node needs one of its own",
                cause);
    }
}
