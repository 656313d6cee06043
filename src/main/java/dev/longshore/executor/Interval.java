package dev.longshore.executor;

import dev.longshore.job.CrashPoint;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Outcome;
import dev.longshore.job.Reason;
import dev.longshore.job.Retry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The time between two attempts: a pause, and the container of the one that ended, which stays
 * until the next has one, since it is the record. Lives on the executor's context.
 */
final class Interval {
    private final Berth berth;
    private final Journal journal;
    private final Farewell farewell;
    private @Nullable String earlier;
    private Timers.Timer pause = () -> {};

    Interval(Berth berth, Journal journal, Farewell farewell) {
        this.berth = berth;
        this.journal = journal;
        this.farewell = farewell;
    }

    /** Whether another attempt is wanted after one that ended so. */
    boolean mayFollow(End ended) {
        Reason reason = ended.outcome().reason();
        Retry retry = journal.request().retry();
        return retry.on().contains(reason)
                && reason != Reason.CANCELLED
                && journal.attempt() < retry.maxAttempts();
    }

    /** Says that another attempt follows, and when; {@code next} begins it. */
    void begin(End ended, Runnable next) {
        forget();
        earlier = ended.remains().containerId();
        int number = journal.attempt();
        Duration time =
                Backoff.after(
                        number,
                        journal.request().retry(),
                        ThreadLocalRandom.current().nextDouble());
        Outcome outcome = ended.outcome();
        String why = outcome.message() == null ? outcome.reason().wireName() : outcome.message();
        journal.nextAttempt();
        journal.say(
                ExecutionState.ACCEPTED,
                outcome.reason(),
                "attempt "
                        + number
                        + " ended: "
                        + why
                        + "; the next begins in "
                        + time.toMillis()
                        + " ms");
        journal.acknowledged().onSuccess(said -> CrashPoint.BETWEEN_ATTEMPTS.passed());
        pause = berth.timers().after(time, next);
    }

    /** An earlier life of the node left this container between two attempts. */
    void keep(String containerId) {
        earlier = containerId;
    }

    /** The container of the attempt before is the record no longer. */
    void forget() {
        String before = earlier;
        earlier = null;
        if (before != null) {
            farewell.remove(before);
        }
    }

    /** Waits no longer. */
    void cancel() {
        pause.cancel();
    }
}
