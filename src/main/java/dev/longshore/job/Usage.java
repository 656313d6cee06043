package dev.longshore.job;

/**
 * What a program used from its start to its end, as far as the engine was asked: the last sample
 * and the highest of its peaks.
 *
 * @param cpuSeconds time on cores
 * @param peakMemoryBytes most memory at a time
 * @param networkRxBytes received
 * @param networkTxBytes sent
 * @param blockReadBytes read from disks
 * @param blockWriteBytes written to disks
 */
public record Usage(
        double cpuSeconds,
        long peakMemoryBytes,
        long networkRxBytes,
        long networkTxBytes,
        long blockReadBytes,
        long blockWriteBytes) {}
