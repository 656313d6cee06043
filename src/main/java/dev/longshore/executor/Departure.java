package dev.longshore.executor;

import dev.longshore.job.CrashPoint;

import io.vertx.core.Context;
import io.vertx.core.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How a node that stops parts from its programs, in good time, since whoever stops it may not wait
 * for long: with the deadlines of everything else that is closed it stays below half a minute, also
 * where the brokers do not answer. On the executor's context.
 */
final class Departure {
    private static final Logger log = LoggerFactory.getLogger(Departure.class);

    /**
     * How long Kafka is waited for to have what was said of programs that are let go of. What it
     * did not get by then, the containers tell in the node's next life.
     */
    private static final long LONGEST_DETACH_SECONDS = 5;

    /** The same of programs that are ended, with the time that they are given to end. */
    private static final long LONGEST_END_SECONDS = 14;

    /** Between stop signal and SIGKILL, whatever an execution asks for. */
    private static final Duration MOST_GRACE = Duration.ofSeconds(10);

    private final Roster roster;
    private final ExecutorSettings settings;
    private final Context context;

    Departure(Roster roster, ExecutorSettings settings, Context context) {
        this.roster = roster;
        this.settings = settings;
        this.context = context;
    }

    /**
     * Once. Completed when all are parted from, or there is no more time; fails where some are
     * left.
     *
     * @param fenced whether nothing can be said of them any more, so that they are left as they are
     */
    Future<Void> begin(boolean fenced) {
        CrashPoint.WHILE_DRAINING.passed();
        return switch (fenced ? DrainMode.DETACH : settings.drain()) {
            case STOP ->
                    inTime(roster.endAll(MOST_GRACE), LONGEST_END_SECONDS)
                            // Else a log that cannot be written any more would be told as cut off.
                            .onFailure(late -> roster.detachAll());
            case DETACH -> detach();
            case WAIT ->
                    here(roster.awaitAll())
                            .timeout(settings.drainTimeout().toMillis(), TimeUnit.MILLISECONDS)
                            .transform(over -> detach());
        };
    }

    private Future<Void> detach() {
        return inTime(roster.detachAll(), LONGEST_DETACH_SECONDS);
    }

    private Future<Void> inTime(Future<Void> done, long seconds) {
        return here(done)
                .timeout(seconds, TimeUnit.SECONDS)
                .onFailure(
                        failure ->
                                log.error(
                                        "stopping without the results of {}: {}",
                                        roster.withContainer(),
                                        failure.getMessage()));
    }

    /** Answers on the context, also where it is the time that is up. */
    private <T> Future<T> here(Future<T> done) {
        return Future.fromCompletionStage(done.toCompletionStage(), context);
    }
}
