package dev.longshore.executor;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Time as the executor sees it: Vert.x in life, moved by hand in tests. */
public interface Timers {
    /** Runs {@code task} on the caller's context after {@code delay}, unless cancelled. */
    Timer after(Duration delay, Runnable task);

    /** The time of day, for what is published. */
    Instant now();

    /** A clock that only goes forward, for what is measured. */
    long nanoTime();

    /** A task that waits for its time. */
    @FunctionalInterface
    interface Timer {
        /** Forgets the task; harmless when it ran. */
        void cancel();
    }

    /** The real thing. */
    static Timers of(Vertx vertx) {
        return new Timers() {
            private final Clock clock = Clock.systemUTC();

            @Override
            public Timer after(Duration delay, Runnable task) {
                long id = vertx.setTimer(Math.max(1, delay.toMillis()), ignored -> task.run());
                return () -> vertx.cancelTimer(id);
            }

            @Override
            public Instant now() {
                return clock.instant();
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }
        };
    }
}
