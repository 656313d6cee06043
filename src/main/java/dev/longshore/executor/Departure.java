package dev.longshore.executor;

import dev.longshore.job.CrashPoint;

import io.vertx.core.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What becomes of running programs when their node stops. On the executor's context. */
final class Departure {
    private static final Logger log = LoggerFactory.getLogger(Departure.class);
    private static final long LONGEST_STOP_SECONDS = 20;

    /** Between stop signal and SIGKILL when the node stops, whatever an execution asks for. */
    private static final Duration MOST_GRACE = Duration.ofSeconds(10);

    private Departure() {}

    /**
     * Completed when the programs are dealt with as the settings say, or given up.
     *
     * @param fenced whether nothing can be said of them any more, so that they are left as they are
     */
    static Future<Void> of(Roster roster, ExecutorSettings settings, boolean fenced) {
        CrashPoint.WHILE_DRAINING.passed();
        return switch (fenced ? DrainMode.DETACH : settings.drain()) {
            case STOP -> inTime(roster, roster.endAll(MOST_GRACE));
            case DETACH -> inTime(roster, roster.detachAll());
            case WAIT ->
                    roster.awaitAll()
                            .timeout(settings.drainTimeout().toMillis(), TimeUnit.MILLISECONDS)
                            .transform(over -> inTime(roster, roster.detachAll()));
        };
    }

    /** In good time, since whoever stops the node may not wait for long; what is left is named. */
    private static Future<Void> inTime(Roster roster, Future<Void> done) {
        return done.timeout(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)
                .onFailure(
                        failure ->
                                log.error(
                                        "stopping without the results of {}: {}",
                                        roster.withContainer(),
                                        failure.getMessage()));
    }
}
