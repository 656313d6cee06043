package dev.longshore.results;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Where results are kept, for how long, and how much of them.
 *
 * @param directory holds one directory per execution; made where it is missing, for its owner only
 * @param keep how long after an execution's end
 * @param maxOutputBytes most bytes of all outputs of one execution
 * @param maxOutputFiles most files of all outputs of one execution
 * @param maxOutputDepth most directories one inside another
 */
public record ResultSettings(
        Path directory,
        Duration keep,
        long maxOutputBytes,
        int maxOutputFiles,
        int maxOutputDepth) {
    /** Refuses nulls by name and limits below one. */
    public ResultSettings {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(keep, "keep");
        if (maxOutputBytes < 1 || maxOutputFiles < 1 || maxOutputDepth < 1) {
            throw new IllegalArgumentException(
                    "maxOutputBytes, maxOutputFiles and maxOutputDepth must be at least 1");
        }
    }

    /** A week, 1 GiB, 10,000 files, 32 directories deep, under this directory. */
    public static ResultSettings under(Path directory) {
        return new ResultSettings(directory, Duration.ofDays(7), 1L << 30, 10_000, 32);
    }
}
