package dev.longshore.executor;

import dev.longshore.job.ExecutionState;
import dev.longshore.job.PullState;

import java.time.Duration;

/**
 * Says that an image is being fetched, and how far that is, but not too often. Lives on the
 * executor's context.
 */
final class PullReports {
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final int MIB_SHIFT = 20;

    private final Journal journal;
    private final Timers timers;
    private boolean begun;
    private long lastNanos;

    PullReports(Journal journal, Timers timers) {
        this.journal = journal;
        this.timers = timers;
    }

    void accept(PullState progress) {
        long now = timers.nanoTime();
        if (begun && now - lastNanos < BETWEEN.toNanos()) {
            return;
        }
        journal.say(ExecutionState.PULLING, null, begun ? describe(progress) : null);
        begun = true;
        lastNanos = now;
    }

    private static String describe(PullState progress) {
        return progress.layersDone()
                + " of "
                + progress.layers()
                + " layers, "
                + (progress.bytesDone() >> MIB_SHIFT)
                + " of "
                + (progress.bytes() >> MIB_SHIFT)
                + " MiB";
    }
}
