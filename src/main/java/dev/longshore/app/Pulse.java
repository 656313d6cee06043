package dev.longshore.app;

import dev.longshore.http.HealthCheck;

import io.vertx.core.Context;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Feels whether a context still gets its turn: asked by another one, since a context that is stuck
 * cannot say so itself. Any thread.
 */
final class Pulse {
    private static final long PERIOD_MS = 1_000;

    private final Duration stuck;
    private volatile @Nullable Long beatNanos;

    /**
     * @param stuck so long without its turn is too long
     */
    Pulse(Duration stuck) {
        this.stuck = stuck;
    }

    /** Feels this context from now on, once; called on it. */
    void of(Context context) {
        beatNanos = System.nanoTime();
        context.owner().setPeriodic(PERIOD_MS, timer -> beatNanos = System.nanoTime());
    }

    /** Whether it had its turn lately; well before there is anything to feel. */
    HealthCheck check() {
        Long last = beatNanos;
        Duration since = last == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - last);
        boolean up = since.compareTo(stuck) < 0;
        return new HealthCheck(
                "executor-turns",
                up,
                up ? "" : "the executor has not had its turn for " + since.toSeconds() + " s",
                true);
    }
}
