package dev.longshore.capacity;

import dev.longshore.job.Gpu;
import dev.longshore.job.Grant;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * What a node has to give in all.
 *
 * @param total cores, memory, processes and GPUs of all its executions together; GPUs in the order
 *     of the inventory, the unhealthy ones too
 * @param maxRunning most executions that have a container at a time, at least 1
 */
public record NodeCapacity(Grant total, int maxRunning) {
    /** Refuses a node that could run nothing, and one that has a GPU twice. */
    public NodeCapacity {
        Objects.requireNonNull(total, "total");
        if (maxRunning < 1) {
            throw new IllegalArgumentException("maxRunning must be at least 1, was " + maxRunning);
        }
        Set<String> ids = new HashSet<>();
        for (Gpu gpu : total.gpus()) {
            if (!ids.add(gpu.id())) {
                throw new IllegalArgumentException("the GPU " + gpu.id() + " is there twice");
            }
        }
    }
}
