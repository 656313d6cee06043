package dev.longshore.job;

import java.util.List;

/**
 * What a node gives one execution: every limit stated.
 *
 * @param cpuNanos billionths of a core
 * @param memoryBytes hard limit in bytes
 * @param pids most processes and threads
 * @param gpus just these GPUs, its own while it runs
 */
public record Grant(long cpuNanos, long memoryBytes, int pids, List<Gpu> gpus) {
    /** Refuses negative amounts. */
    public Grant {
        Checks.atLeast(0, cpuNanos, "cpuNanos");
        Checks.atLeast(0, memoryBytes, "memoryBytes");
        Checks.atLeast(0, pids, "pids");
        gpus = List.copyOf(gpus);
    }

    /** Without GPUs. */
    public Grant(long cpuNanos, long memoryBytes, int pids) {
        this(cpuNanos, memoryBytes, pids, List.of());
    }

    /** The same with these GPUs. */
    public Grant with(List<Gpu> others) {
        return new Grant(cpuNanos, memoryBytes, pids, others);
    }
}
