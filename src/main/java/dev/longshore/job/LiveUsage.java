package dev.longshore.job;

import java.time.Instant;

/**
 * What a running program uses just now.
 *
 * @param time when, by the engine's clock
 * @param cpuNanos time on cores since its start
 * @param memoryBytes memory in use, file cache left out
 * @param peakMemoryBytes most memory so far, where the kernel says so; else what is in use
 * @param memoryLimitBytes its limit
 * @param pids processes and threads
 * @param networkRxBytes received
 * @param networkTxBytes sent
 * @param blockReadBytes read from disks
 * @param blockWriteBytes written to disks
 */
public record LiveUsage(
        Instant time,
        long cpuNanos,
        long memoryBytes,
        long peakMemoryBytes,
        long memoryLimitBytes,
        long pids,
        long networkRxBytes,
        long networkTxBytes,
        long blockReadBytes,
        long blockWriteBytes) {
    /** Refuses nulls by name. */
    public LiveUsage {
        Checks.required(time, "time");
    }
}
