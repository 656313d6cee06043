package dev.longshore.job;

import java.time.Duration;
import java.util.Set;

/**
 * When an execution that failed is tried again, in a new container.
 *
 * @param maxAttempts how many times it is tried in all, from 1
 * @param on the reasons for which it is
 * @param backoff before the second attempt; doubled before each that follows, up to ten minutes,
 *     and varied at random by a fifth, so that many do not come back at once
 */
public record Retry(int maxAttempts, Set<Reason> on, Duration backoff) {
    /** The most attempts. */
    public static final int MOST_ATTEMPTS = 100;

    /** Tried once. */
    public static final Retry NONE =
            new Retry(
                    1, Set.of(Reason.INFRA_LOST, Reason.IMAGE_PULL_FAILED), Duration.ofSeconds(5));

    /** Copies the set; refuses counts out of range. */
    public Retry {
        Checks.atLeast(1, maxAttempts, "retry.maxAttempts");
        if (maxAttempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException(
                    "retry.maxAttempts must be at most " + MOST_ATTEMPTS);
        }
        on = Set.copyOf(on);
        Checks.required(backoff, "retry.backoff");
        if (!backoff.isPositive()) {
            throw new IllegalArgumentException("retry.backoff must be positive");
        }
    }
}
