package dev.longshore.board;

import dev.longshore.job.Execution;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Some executions, newest first.
 *
 * @param executions at most as many as were asked for
 * @param next where the next page starts, or null where there is none
 */
public record Page(List<Execution> executions, @Nullable Cursor next) {
    /** Copies the list. */
    public Page {
        executions = List.copyOf(executions);
    }
}
