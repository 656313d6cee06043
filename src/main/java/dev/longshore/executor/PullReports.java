package dev.longshore.executor;

import dev.longshore.job.ExecutionState;
import dev.longshore.job.PullState;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Says that an image is being fetched, and how far that is, but not too often. Lives on the
 * executor's context.
 */
final class PullReports {
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final int MIB_SHIFT = 20;

    private final Journal journal;
    private final Timers timers;
    private final Guard guard;
    private final BooleanSupplier wanted;
    private boolean begun;
    private long lastNanos;

    /**
     * @param wanted whether it is still to be told of
     */
    PullReports(Journal journal, Berth berth, BooleanSupplier wanted) {
        this.journal = journal;
        this.timers = berth.timers();
        this.guard = berth.guard();
        this.wanted = wanted;
    }

    /** Hears how far it is; must not disturb who tells it. */
    void accept(PullState progress) {
        if (wanted.getAsBoolean()) {
            guard.run(() -> say(progress));
        }
    }

    private void say(PullState progress) {
        long now = timers.nanoTime();
        if (begun && now - lastNanos < BETWEEN.toNanos()) {
            return;
        }
        journal.pull(begun ? progress : null);
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
