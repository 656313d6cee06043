package dev.longshore.docker;

import dev.longshore.job.ExecutionId;
import java.util.Objects;

/**
 * Whose log to read.
 *
 * @param containerId the container; it must have been started
 * @param executionId written into every line
 * @param attempt written into every line, from 1
 * @param skipLines how many lines from the start are already known and are not given again; numbering is not affected
 */
public record LogRequest(String containerId, ExecutionId executionId, int attempt, long skipLines) {
    /** Refuses nulls by name. */
    public LogRequest {
        Objects.requireNonNull(containerId, "containerId");
        Objects.requireNonNull(executionId, "executionId");
    }
}
