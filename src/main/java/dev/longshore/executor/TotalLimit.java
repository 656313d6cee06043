package dev.longshore.executor;

import java.util.function.Consumer;

/**
 * Ends an execution that takes too long with all its waits and attempts. Lives on the executor's
 * context.
 */
final class TotalLimit {
    private final Timers timers;
    private final Deadlines deadlines;
    private final Consumer<StopOrder> stop;
    private Timers.Timer timer = () -> {};

    TotalLimit(Timers timers, Deadlines deadlines, Consumer<StopOrder> stop) {
        this.timers = timers;
        this.deadlines = deadlines;
        this.stop = stop;
    }

    /** Begins to watch, or goes on; does nothing where there is no limit. */
    void watch() {
        timer.cancel();
        Deadlines.Limit whole = deadlines.whole(timers.now());
        if (whole != null) {
            timer = timers.after(whole.left(), () -> stop.accept(whole.order()));
        }
    }

    /** Watches no longer. */
    void cancel() {
        timer.cancel();
    }

    /** Whether there is no time for anything more. */
    boolean isOver() {
        Deadlines.Limit whole = deadlines.whole(timers.now());
        return whole != null && whole.isOver();
    }
}
