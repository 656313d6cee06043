package dev.longshore.executor;

import dev.longshore.job.PhaseMillis;

/**
 * Measures the phases before the program's start by a clock that only goes forward. Lives on the
 * executor's context.
 */
final class Stopwatch {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Timers timers;
    private long lapStart;
    private long queuedNanos;
    private long pullNanos;
    private long createNanos;

    Stopwatch(Timers timers) {
        this.timers = timers;
        this.lapStart = timers.nanoTime();
    }

    void granted() {
        queuedNanos = lap();
    }

    void imageReady() {
        pullNanos = lap();
    }

    void started() {
        createNanos = lap();
    }

    private long lap() {
        long now = timers.nanoTime();
        long elapsed = now - lapStart;
        lapStart = now;
        return elapsed;
    }

    /** The phases so far, and a run of so many milliseconds. */
    PhaseMillis millis(long run) {
        return new PhaseMillis(
                queuedNanos / NANOS_PER_MILLI,
                pullNanos / NANOS_PER_MILLI,
                createNanos / NANOS_PER_MILLI,
                run);
    }
}
