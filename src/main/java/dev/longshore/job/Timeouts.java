package dev.longshore.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an execution may take.
 *
 * @param run from the start of the container to its exit, or null for the node's default; positive
 */
public record Timeouts(@Nullable Duration run) {
    /** Every time at the node's default. */
    public static final Timeouts DEFAULTS = new Timeouts(null);

    /** Refuses what is not positive. */
    public Timeouts {
        if (run != null && (run.isZero() || run.isNegative())) {
            throw new IllegalArgumentException("timeouts.run must be positive");
        }
    }
}
