package dev.longshore.capacity;

import dev.longshore.job.Grant;
import java.util.Objects;

/**
 * What a node has to give in all.
 *
 * @param total cores, memory and processes of all its executions together
 * @param maxRunning most executions that have a container at a time, at least 1
 */
public record NodeCapacity(Grant total, int maxRunning) {
    /** Refuses a node that could run nothing. */
    public NodeCapacity {
        Objects.requireNonNull(total, "total");
        if (maxRunning < 1) {
            throw new IllegalArgumentException("maxRunning must be at least 1, was " + maxRunning);
        }
    }
}
