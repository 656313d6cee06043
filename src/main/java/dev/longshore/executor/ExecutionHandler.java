package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.job.CrashPoint;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.Outcome;
import dev.longshore.job.Reason;
import dev.longshore.job.Retry;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One execution, from acceptance to its result, over as many attempts as it takes. Every method and
 * every answer runs on the executor's context.
 */
final class ExecutionHandler {

    private final ExecutionRequest request;
    private final Berth berth;
    private final Journal journal;
    private final Place place;
    private final Farewell farewell;
    private final Deadlines deadlines;
    private final TotalLimit total;
    private final Promise<String> created = Promise.promise();
    private final Promise<ExecutionResult> ended = Promise.promise();
    private @Nullable Attempt attempt;
    private @Nullable End earlier;
    private Timers.Timer backoff = () -> {};
    private boolean reporting;

    ExecutionHandler(Berth berth, Journal journal, Place place) {
        this.request = journal.request();
        this.berth = berth;
        this.journal = journal;
        this.place = place;
        this.farewell = new Farewell(berth, journal);
        this.deadlines = Deadlines.of(request, berth.settings(), journal.askedAt());
        this.total = new TotalLimit(berth.timers(), deadlines, this::stop);
    }

    /** A place in the line for capacity. */
    interface Place {
        /** Waits for capacity; {@link #begin} is called when it is there. */
        void join();

        /** Gives back what was granted, or waits no longer. */
        void leave();
    }

    ExecutionRequest request() {
        return request;
    }

    /** The newest status event; there is one from {@link #accept} on. */
    StatusEvent status() {
        return Objects.requireNonNull(journal.latest(), "not accepted yet");
    }

    /** The first container's id, once there is one; fails where the execution ended without. */
    Future<String> created() {
        return created.future();
    }

    /** The result, once Kafka has it. */
    Future<ExecutionResult> ended() {
        return ended.future();
    }

    /** The container whose log can be read from the engine, or null. */
    @Nullable ContainerRun run() {
        Attempt current = attempt;
        return current == null ? null : current.run();
    }

    /** Ends it before it begins where its command came too late; whether that was so. */
    boolean isTooLate() {
        StopOrder missed = deadlines.missed(berth.timers().now());
        if (missed != null) {
            reject(Outcome.neverRan(missed.reason(), missed.message()));
        }
        return missed != null;
    }

    /** Says that the node took the execution on, and why it has to wait, if it has to. */
    void accept(@Nullable String whyWait) {
        journal.say(ExecutionState.ACCEPTED, null, whyWait);
        total.watch();
        journal.acknowledged().onSuccess(said -> CrashPoint.AFTER_ACCEPTED.passed());
    }

    /** Ends what was accepted, since on a second look it may not run here. */
    void refuse(Throwable failure) {
        created.tryFail(failure);
        if (!reporting) {
            reject(Outcomes.ofRefusal(failure));
        }
    }

    /** Goes on where an earlier life of the node was killed, or another node was lost. */
    void resume(Relic relic) {
        ContainerView container = relic.container();
        if (container == null && relic.isStillToCome()) {
            queue();
        } else if (container == null) {
            over(
                    new End(
                            Outcome.infraLost(
                                    "its container was removed while its node was not running"),
                            Remains.lost(relic, berth.settings().logTopic())));
        } else if (relic.isContained()) {
            if (relic.holdsCapacity()) {
                total.watch();
            }
            watch(new Attempt(berth, journal)).resume(container, relic);
        } else {
            created.tryComplete(container.id());
            earlier =
                    new End(
                            Outcome.infraLost("the attempt before"),
                            Remains.ofNoProgram(container.id(), berth.settings().logTopic()));
            total.watch();
            Instant now = berth.timers().now();
            queue(deadlines.wait(relic.waitingSince(now), now));
        }
    }

    /** Capacity was granted: begins. */
    void begin(Grant grant) {
        Attempt current = attempt;
        if (current != null) {
            current.begin(grant);
        }
    }

    /**
     * Whether it has no container yet, so that the command is still in custody. Later attempts are
     * never in custody: until they have a container, the one before is the record.
     */
    boolean isInCustody() {
        Attempt current = attempt;
        return !reporting
                && !created.future().isComplete()
                && (current == null || current.hasNoContainer());
    }

    /** Ends the execution before it begins: the node will never take it on. */
    void reject(Outcome outcome) {
        report(new End(outcome, Remains.ofNoProgram(null, berth.settings().logTopic())));
    }

    /**
     * Ends the execution before it would by itself.
     *
     * @return whether the order will be followed; not where the program has ended already
     */
    boolean stop(StopOrder order) {
        Attempt current = attempt;
        if (reporting) {
            return false;
        }
        if (current != null) {
            return current.stop(order);
        }
        backoff.cancel();
        report(
                new End(
                        Outcome.neverRan(order.reason(), order.message()),
                        Remains.ofNoProgram(null, berth.settings().logTopic())));
        return true;
    }

    /**
     * Lets go of it as it is, for the node's next life to take on again; completed when nothing is
     * on its way to Kafka any more.
     */
    Future<Void> detach() {
        backoff.cancel();
        total.cancel();
        Attempt current = attempt;
        if (current != null) {
            current.detach();
        }
        return reporting ? ended.future().mapEmpty() : journal.acknowledged();
    }

    /** The run of a program that runs now. */
    Future<ContainerRun> running() {
        Attempt current = attempt;
        ContainerRun run = current == null ? null : current.running();
        return run == null
                ? Future.failedFuture(new ExecutorFailure.NotRunning(request.executionId()))
                : Future.succeededFuture(run);
    }

    /** Waits for capacity, for the first attempt or the next. */
    void queue() {
        Instant now = berth.timers().now();
        queue(journal.attempt() == 1 ? deadlines.firstWait(now) : deadlines.wait(now, now));
    }

    private void queue(Deadlines.Limit wait) {
        if (reporting) {
            return;
        }
        watch(new Attempt(berth, journal)).queue(wait);
        place.join();
    }

    private Attempt watch(Attempt next) {
        attempt = next;
        next.created()
                .onSuccess(
                        containerId -> {
                            created.tryComplete(containerId);
                            forgetEarlier();
                        });
        next.vacated().onSuccess(vacated -> place.leave());
        next.ended().onSuccess(this::over);
        return next;
    }

    private void over(End end) {
        attempt = null;
        Reason reason = end.outcome().reason();
        Retry retry = request.retry();
        boolean again =
                retry.on().contains(reason)
                        && reason != Reason.CANCELLED
                        && journal.attempt() < retry.maxAttempts()
                        && !total.isOver();
        if (again) {
            tryAgain(end);
        } else {
            report(end);
        }
    }

    /** The container of the attempt that ended stays until the next has one: it is the record. */
    private void tryAgain(End end) {
        forgetEarlier();
        earlier = end;
        int number = journal.attempt();
        Duration pause =
                Backoff.after(number, request.retry(), ThreadLocalRandom.current().nextDouble());
        Outcome outcome = end.outcome();
        total.watch();
        journal.nextAttempt();
        journal.say(
                ExecutionState.ACCEPTED,
                outcome.reason(),
                "attempt "
                        + number
                        + " ended: "
                        + (outcome.message() == null
                                ? outcome.reason().wireName()
                                : outcome.message())
                        + "; the next begins in "
                        + pause.toMillis()
                        + " ms");
        journal.acknowledged().onSuccess(said -> CrashPoint.BETWEEN_ATTEMPTS.passed());
        backoff = berth.timers().after(pause, this::queue);
    }

    private void forgetEarlier() {
        End before = earlier;
        if (before != null && before.remains().containerId() != null) {
            farewell.remove(before.remains().containerId());
        }
        earlier = null;
    }

    private void report(End end) {
        CrashPoint.BEFORE_RESULT.passed();
        reporting = true;
        total.cancel();
        ExecutionResult result = journal.result(end.outcome(), end.remains());
        created.tryFail(new ExecutorFailure.CreationFailed(result));
        farewell.say(result, end.remains().containerId())
                .onSuccess(
                        said -> {
                            forgetEarlier();
                            ended.tryComplete(result);
                        })
                .onFailure(ended::tryFail);
    }
}
