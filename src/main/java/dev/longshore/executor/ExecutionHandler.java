package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.job.CrashPoint;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.Outcome;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Objects;

/**
 * One execution, from acceptance to its result, over as many attempts as it takes. Every method and
 * every answer runs on the executor's context.
 */
final class ExecutionHandler {
    private final ExecutionRequest request;
    private final Guard guard;
    private final Berth berth;
    private final Journal journal;
    private final Place place;
    private final Farewell farewell;
    private final Interval interval;
    private final Deadlines deadlines;
    private final TotalLimit total;
    private final Promise<String> created = Promise.promise();
    private final Promise<ExecutionResult> ended = Promise.promise();
    private @Nullable Attempt attempt;
    private @Nullable End last;
    private boolean reporting;
    private boolean said;
    private boolean detached;
    private boolean failing;

    ExecutionHandler(Berth berth, Journal journal, Place place) {
        this.request = journal.request();
        this.guard = new Guard("execution " + request.executionId(), this::struck);
        this.berth = berth.guardedBy(guard);
        this.journal = journal;
        this.place = place;
        this.farewell = new Farewell(this.berth, journal);
        this.interval = new Interval(this.berth, journal, farewell);
        this.deadlines = Deadlines.of(request, berth.settings(), journal.askedAt());
        this.total = new TotalLimit(this.berth.timers(), deadlines, this::stop);
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
        guard.run(
                () -> {
                    journal.say(ExecutionState.ACCEPTED, null, whyWait);
                    total.watch();
                });
        journal.acknowledged().onSuccess(told -> CrashPoint.AFTER_ACCEPTED.passed());
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
        guard.run(() -> goOn(relic));
    }

    private void goOn(Relic relic) {
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
            interval.keep(container.id());
            total.watch();
            Instant now = berth.timers().now();
            queue(deadlines.wait(relic.waitingSince(now), now));
        }
    }

    /** Capacity was granted: begins. */
    void begin(Grant grant) {
        Attempt current = attempt;
        if (current != null) {
            guard.run(() -> current.begin(grant));
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
        guard.run(() -> report(new End(outcome, nothing())));
    }

    private Remains nothing() {
        return Remains.ofNoProgram(null, berth.settings().logTopic());
    }

    /**
     * Ends the execution before it would by itself.
     *
     * @return whether the order will be followed; not where the program has ended already
     */
    boolean stop(StopOrder order) {
        Attempt current = attempt;
        if (reporting || failing) {
            return false;
        }
        if (current != null) {
            return guard.test(() -> current.stop(order), false);
        }
        interval.cancel();
        reject(Outcome.neverRan(order.reason(), order.message()));
        return true;
    }

    /**
     * Lets go of it as it is, for the node's next life to take on again; completed when nothing is
     * on its way to Kafka any more.
     */
    Future<Void> detach() {
        detached = true;
        interval.cancel();
        total.cancel();
        Attempt current = attempt;
        if (current != null) {
            current.detach();
        }
        return reporting ? ended.future().mapEmpty() : journal.acknowledged();
    }

    /** The run of a program that runs now. */
    Future<ContainerRun> running() {
        ContainerRun run = attempt == null ? null : attempt.running();
        return run == null
                ? Future.failedFuture(new ExecutorFailure.NotRunning(request.executionId()))
                : Future.succeededFuture(run);
    }

    /** Waits for capacity, for the first attempt or the next. */
    void queue() {
        guard.run(() -> queue(ownWait(berth.timers().now())));
    }

    private Deadlines.Limit ownWait(Instant now) {
        return journal.attempt() == 1 ? deadlines.firstWait(now) : deadlines.wait(now, now);
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
                        guard.of(
                                containerId -> {
                                    created.tryComplete(containerId);
                                    interval.forget();
                                }));
        next.vacated().onSuccess(guard.of(vacated -> place.leave()));
        next.ended().onSuccess(guard.of(this::over));
        return next;
    }

    private void over(End end) {
        attempt = null;
        last = end;
        if (interval.mayFollow(end) && !total.isOver()) {
            total.watch();
            interval.begin(end, this::queue);
            last = null;
            failing = false;
        } else {
            report(end);
        }
    }

    private void report(End end) {
        last = end;
        CrashPoint.BEFORE_RESULT.passed();
        reporting = true;
        total.cancel();
        ExecutionResult result = journal.result(end.outcome(), end.remains());
        created.tryFail(new ExecutorFailure.CreationFailed(result));
        Future<Void> told = farewell.say(result, end.remains().containerId());
        said = true;
        told.onSuccess(guard.of(done -> interval.forget()))
                .onSuccess(done -> ended.tryComplete(result))
                .onFailure(ended::tryFail);
    }

    /** We failed at it ourselves: it alone ends, as what a node loses; the log has where. */
    private void struck(Throwable fault) {
        if (said || detached) {
            return; // its result is on its way, or it is the next life's
        }
        if (failing) {
            // At its end too: what is left of it is for the node's next life.
            created.tryFail(fault);
            ended.tryFail(fault);
            place.leave();
            return;
        }
        failing = true;
        guard.run(() -> salvage(Outcome.infraLost("the node failed at it: " + fault)));
    }

    private void salvage(Outcome outcome) {
        interval.cancel();
        Attempt current = attempt;
        attempt = null;
        End before = last;
        Future<Remains> left =
                current == null
                        ? Future.succeededFuture(before == null ? nothing() : before.remains())
                        : current.abandon();
        left.onSuccess(
                guard.of(
                        remains -> {
                            place.leave();
                            End end = new End(outcome, remains);
                            if (reporting) {
                                report(end);
                            } else {
                                over(end);
                            }
                        }));
    }
}
