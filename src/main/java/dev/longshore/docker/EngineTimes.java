package dev.longshore.docker;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Counts calls to the engine by what they ask. Any thread. */
final class EngineTimes {
    /** The first words of questions; another counts as other, so that there are never many. */
    private static final Set<String> OPERATIONS =
            Set.of(
                    "ask", "inspect", "create", "start", "stop", "kill", "send", "ping", "pause",
                    "unpause", "remove", "list", "copy", "read", "sweep", "prepare", "resize",
                    "run", "pull", "wait");

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(200),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private EngineTimes() {}

    /**
     * One call is over.
     *
     * @param what in words, of which the first says which operation
     * @param askedNanos {@link System#nanoTime()} when it was asked
     */
    static void record(String what, long askedNanos, boolean succeeded) {
        int space = what.indexOf(' ');
        String first = space < 0 ? what : what.substring(0, space);
        Timer.builder("longshore.docker.requests")
                .description("Calls to the engine, with their wait for a thread")
                .tag("operation", OPERATIONS.contains(first) ? first : "other")
                .tag("result", succeeded ? "ok" : "failed")
                .serviceLevelObjectives(BUCKETS)
                .register(Metrics.globalRegistry)
                .record(System.nanoTime() - askedNanos, TimeUnit.NANOSECONDS);
    }
}
