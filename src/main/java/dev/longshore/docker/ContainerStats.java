package dev.longshore.docker;

import java.time.Instant;
import java.util.Objects;

/**
 * One sample of what a container uses.
 *
 * @param time when, by the engine's clock
 * @param cpuNanos time on cores since its start
 * @param memoryBytes memory in use, file cache left out
 * @param peakMemoryBytes most memory so far, where the kernel says so; else what is in use
 * @param memoryLimitBytes its limit
 * @param networkRxBytes received on all interfaces
 * @param networkTxBytes sent on all interfaces
 * @param blockReadBytes read from disks
 * @param blockWriteBytes written to disks
 * @param pids processes and threads
 */
public record ContainerStats(
        Instant time,
        long cpuNanos,
        long memoryBytes,
        long peakMemoryBytes,
        long memoryLimitBytes,
        long networkRxBytes,
        long networkTxBytes,
        long blockReadBytes,
        long blockWriteBytes,
        long pids) {
    /** Refuses nulls by name. */
    public ContainerStats {
        Objects.requireNonNull(time, "time");
    }
}
