package dev.longshore.board;

import io.vertx.core.Context;

import java.time.Duration;

/**
 * The wait for the end of a log, or for the result, that did not come by itself: one at a time. On
 * the board's context.
 */
final class LateEnd {
    /**
     * How long after an execution's end its log is looked through once more for an end that did not
     * come live.
     */
    private static final long LATE_MILLIS = Duration.ofSeconds(5).toMillis();

    private final Context context;
    private long timer = -1;

    LateEnd(Context context) {
        this.context = context;
    }

    /** Takes this step later, in place of the one that waits. */
    void then(Runnable step) {
        cancel();
        timer = context.owner().setTimer(LATE_MILLIS, id -> step.run());
    }

    /** Takes none. */
    void cancel() {
        if (timer >= 0) {
            context.owner().cancelTimer(timer);
            timer = -1;
        }
    }
}
