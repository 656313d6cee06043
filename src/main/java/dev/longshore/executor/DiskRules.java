package dev.longshore.executor;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How the executor keeps the engine's disk from filling up.
 *
 * @param reserveBytes free space below which no command is taken and the biggest writer is stopped
 * @param maxJobBytes most bytes that one container may have written to disk at a time; 0 for no
 *     bound
 * @param cleanBelowBytes free space below which images are removed that have not been used for
 *     longest; 0 for never
 * @param imageMinAge how long an image is kept after its last use in any case
 * @param keepImages globs over {@code registry/repository} of images that are never removed
 */
public record DiskRules(
        long reserveBytes,
        long maxJobBytes,
        long cleanBelowBytes,
        Duration imageMinAge,
        List<String> keepImages) {
    /** 1 GiB free, 10 GiB per job; images go when less than 5 GiB are free, after an hour. */
    public static final DiskRules DEFAULTS =
            new DiskRules(1L << 30, 10L << 30, 5L << 30, Duration.ofHours(1), List.of());

    /** Copies the list; refuses nulls by name and sizes below zero. */
    public DiskRules {
        if (reserveBytes < 0 || maxJobBytes < 0 || cleanBelowBytes < 0) {
            throw new IllegalArgumentException(
                    "reserveBytes, maxJobBytes and cleanBelowBytes must not be negative");
        }
        Objects.requireNonNull(imageMinAge, "imageMinAge");
        keepImages = List.copyOf(keepImages);
    }
}
