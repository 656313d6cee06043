package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How long an execution may take. Each is positive, or null for the node's default.
 *
 * @param queue from the command's record, or a further attempt's turn, until capacity is granted
 * @param pull fetching the image, in all
 * @param run from the start of the container to its exit
 * @param total from the command's record to the end of the last attempt; null for no limit
 */
public record Timeouts(
        @Nullable Duration queue,
        @Nullable Duration pull,
        @Nullable Duration run,
        @Nullable Duration total) {
    /** Every time at the node's default. */
    public static final Timeouts DEFAULTS = new Timeouts(null, null, null, null);

    /** Refuses what is not positive. */
    public Timeouts {
        positive(queue, "timeouts.queue");
        positive(pull, "timeouts.pull");
        positive(run, "timeouts.run");
        positive(total, "timeouts.total");
    }

    /** Without a limit on everything together. */
    public Timeouts(@Nullable Duration queue, @Nullable Duration pull, @Nullable Duration run) {
        this(queue, pull, run, null);
    }

    /** Only the run is limited; the rest is the node's. */
    public static Timeouts ofRun(@Nullable Duration run) {
        return new Timeouts(null, null, run);
    }

    private static void positive(@Nullable Duration time, String field) {
        if (time != null && !time.isPositive()) {
            throw new IllegalArgumentException(field + " must be positive");
        }
    }
}
