package dev.longshore.executor;

import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.Reason;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * By when an execution has to be how far, by the time of day, since all of it holds over restarts
 * of the node. Pure.
 *
 * @param askedAt when its command was written
 * @param expiresAt when it is too late to begin with it, or null for never
 * @param queue how long an attempt may wait for capacity
 * @param total how long everything together may take, or null for no limit
 */
record Deadlines(
        Instant askedAt, @Nullable Instant expiresAt, Duration queue, @Nullable Duration total) {

    static Deadlines of(ExecutionRequest request, ExecutorSettings settings, Instant askedAt) {
        return new Deadlines(
                askedAt,
                request.expiresAt(),
                settings.queueTimeout(request.timeouts()),
                request.timeouts().total());
    }

    /**
     * When an attempt ends that has come no further.
     *
     * @param left how long it has until then; zero or less where that is over
     * @param order how it ends then
     */
    record Limit(Duration left, StopOrder order) {
        boolean isOver() {
            return !left.isPositive();
        }
    }

    /** Why it is too late to begin with a command that was just taken, or null. */
    @Nullable StopOrder missed(Instant now) {
        if (expiresAt != null && !now.isBefore(expiresAt)) {
            return new StopOrder(
                    Reason.TIMED_OUT_QUEUE, "the command expired in its topic, at " + expiresAt);
        }
        Limit whole = whole(now);
        if (whole != null && whole.isOver()) {
            return whole.order();
        }
        return Duration.between(askedAt, now).compareTo(queue) < 0
                ? null
                : new StopOrder(
                        Reason.TIMED_OUT_QUEUE,
                        "the command waited in its topic for longer than " + queue);
    }

    /** The wait of the first attempt, which began with the command's record. */
    Limit firstWait(Instant now) {
        Limit wait = wait(askedAt, now);
        if (expiresAt == null) {
            return wait;
        }
        Duration left = Duration.between(now, expiresAt);
        return wait.left().compareTo(left) <= 0
                ? wait
                : new Limit(
                        left,
                        new StopOrder(
                                Reason.TIMED_OUT_QUEUE,
                                "the command expired while it waited for capacity, at "
                                        + expiresAt));
    }

    /** The wait of an attempt whose turn it has been since then. */
    Limit wait(Instant since, Instant now) {
        return new Limit(
                left(since, queue, now),
                new StopOrder(Reason.TIMED_OUT_QUEUE, "no capacity within " + queue));
    }

    /** All of it, or null where that may take as long as it takes. */
    @Nullable Limit whole(Instant now) {
        return total == null
                ? null
                : new Limit(
                        left(askedAt, total, now),
                        new StopOrder(
                                Reason.TIMED_OUT_TOTAL,
                                "it took longer than " + total + " in all"));
    }

    private static Duration left(Instant since, Duration limit, Instant now) {
        return limit.minus(Duration.between(since, now));
    }
}
