package dev.longshore.kafka;

import dev.longshore.job.NodeId;

/**
 * The broker takes no more ends of executions from this life of the node: another process opened
 * the transactions of its id, or they took too long. What was said meanwhile has to be read before
 * anything else is done as this node.
 */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names the node; the cause is what the broker said. */
    public FencedException(NodeId nodeId, Throwable cause) {
        super(
                "the transactions of node "
                        + nodeId
                        + " were taken from it: another node took it for lost, another process"
                        + " uses its id, or the brokers were away",
                cause);
    }

    /** Says who was seen to have taken over what. */
    public FencedException(NodeId nodeId, String evidence) {
        super("node " + nodeId + " was taken for lost: " + evidence);
    }
}
