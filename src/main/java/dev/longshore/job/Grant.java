package dev.longshore.job;

/**
 * What a node gives one execution: every limit stated.
 *
 * @param cpuNanos billionths of a core
 * @param memoryBytes hard limit in bytes
 * @param pids most processes and threads
 */
public record Grant(long cpuNanos, long memoryBytes, int pids) {
    /** Refuses negative amounts. */
    public Grant {
        Checks.atLeast(0, cpuNanos, "cpuNanos");
        Checks.atLeast(0, memoryBytes, "memoryBytes");
        Checks.atLeast(0, pids, "pids");
    }
}
