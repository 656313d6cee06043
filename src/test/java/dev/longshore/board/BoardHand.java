package dev.longshore.board;

import dev.longshore.job.ExecutionResult;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

/** Writes on a board as its verticle would, for tests of those who read it. */
public record BoardHand(Board board) {
    /** A status event came. */
    public void status(StatusEvent event) {
        board.status(event);
    }

    /** A result came. */
    public void result(ExecutionResult result) {
        board.result(result);
    }

    /** A node spoke. */
    public void node(NodeStatus status) {
        board.node(status);
    }
}
