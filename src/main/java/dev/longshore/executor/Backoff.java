package dev.longshore.executor;

import dev.longshore.job.Retry;

import java.time.Duration;

/** How long to wait before another attempt. Pure. */
final class Backoff {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 20;
    private static final double SPREAD = 0.2;

    private Backoff() {}

    /**
     * Before the attempt that follows {@code ended}: doubled with each, up to ten minutes, and
     * varied by a fifth.
     *
     * @param chance evenly from 0 to 1
     */
    static Duration after(int ended, Retry retry, double chance) {
        Duration doubled = retry.backoff().multipliedBy(1L << Math.min(ended - 1, MOST_DOUBLINGS));
        Duration bounded = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        double factor = 1 - SPREAD + 2 * SPREAD * chance;
        return Duration.ofMillis(Math.round(bounded.toMillis() * factor));
    }
}
