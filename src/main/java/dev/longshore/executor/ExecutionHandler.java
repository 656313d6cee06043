package dev.longshore.executor;

import dev.longshore.docker.ContainerSpec;
import dev.longshore.docker.ContainerView;
import dev.longshore.docker.ImageView;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.LogPosition;
import dev.longshore.job.Outcome;
import dev.longshore.job.OutputTail;
import dev.longshore.job.Reason;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One execution, from acceptance to its result. Every method and every answer runs on the
 * executor's context, so that its fields have one writer; an answer that belongs to a phase that is
 * over is dropped.
 */
final class ExecutionHandler {

    private final ExecutionRequest request;
    private final Berth berth;
    private final Journal journal;
    private final Launch launch;
    private final Farewell farewell;
    private final Promise<String> created = Promise.promise();
    private final Promise<ExecutionResult> ended = Promise.promise();
    private final Promise<Void> vacated = Promise.promise();
    private Phase phase = new Phase.Waiting();
    private @Nullable StopOrder stopOrder;
    private Timers.Timer phaseTimer = () -> {};

    ExecutionHandler(ExecutionRequest request, Berth berth, Journal journal) {
        this.request = request;
        this.berth = berth;
        this.journal = journal;
        this.farewell = new Farewell(berth, journal);
        this.launch =
                new Launch(
                        berth.docker(),
                        berth.pulls(),
                        new Patience(berth.timers(), () -> !isOver()));
    }

    ExecutionRequest request() {
        return request;
    }

    /** The newest status event; there is one from {@link #accept} on. */
    StatusEvent status() {
        return Objects.requireNonNull(journal.latest(), "not accepted yet");
    }

    /** The container's id, once there is one; fails where the execution ended without. */
    Future<String> created() {
        return created.future();
    }

    /** The result, once Kafka has it. */
    Future<ExecutionResult> ended() {
        return ended.future();
    }

    /** Completed when the execution uses nothing of the node's capacity any more. */
    Future<Void> vacated() {
        return vacated.future();
    }

    /** The container whose log can be read from the engine, or null. */
    @Nullable ContainerRun run() {
        return switch (phase) {
            case Phase.Running running -> running.run();
            case Phase.Draining draining -> draining.run();
            default -> null;
        };
    }

    /** Says that the node took the execution on, and why it has to wait, if it has to. */
    void accept(@Nullable String whyWait) {
        journal.say(ExecutionState.ACCEPTED, null, whyWait);
        Duration limit = berth.settings().queueTimeout(request.timeouts());
        limit(limit, Phase.Waiting.class, Reason.TIMED_OUT_QUEUE, "no capacity within " + limit);
    }

    /** Capacity was granted: begins. */
    void begin(Grant grant) {
        if (!(phase instanceof Phase.Waiting)) {
            return;
        }
        journal.grant(grant);
        journal.stopwatch().granted();
        Phase preparing = enter(new Phase.Preparing());
        PullReports reports = new PullReports(journal, berth.timers());
        Future<ImageView> image =
                launch.image(
                        request.engine(),
                        progress -> when(isCurrent(preparing), () -> reports.accept(progress)));
        step(preparing, image, this::create, Reason.IMAGE_PULL_FAILED);
        Duration limit = berth.settings().pullTimeout(request.timeouts());
        limit(limit, Phase.Preparing.class, Reason.TIMED_OUT_PULL, "no image within " + limit);
    }

    /** Ends the execution if it is still in this phase when its time is up. */
    private void limit(
            Duration time, Class<? extends Phase> during, Reason reason, String message) {
        Runnable end = () -> stop(new StopOrder(reason, message));
        phaseTimer.cancel();
        phaseTimer = berth.timers().after(time, () -> when(during.isInstance(phase), end));
    }

    private static void when(boolean holds, Runnable action) {
        if (holds) {
            action.run();
        }
    }

    /** Whether it has no container yet, so that the command is still in custody. */
    boolean isInCustody() {
        return phase instanceof Phase.Waiting || phase instanceof Phase.Preparing;
    }

    /** Ends the execution before it begins: the node will never take it on. */
    void reject(Outcome outcome) {
        neverRan(outcome, null);
    }

    /**
     * Ends the execution before it would by itself. The first order counts; one that comes when the
     * program has ended already changes nothing.
     *
     * @return whether the order will be followed
     */
    boolean stop(StopOrder order) {
        boolean over = isOver() || phase instanceof Phase.Draining;
        if (over || stopOrder != null) {
            return !over;
        }
        stopOrder = order;
        if (isInCustody()) {
            neverRan(Outcome.neverRan(order.reason(), order.message()), null);
        } else if (phase instanceof Phase.Running running) {
            running.run().stop(order);
        }
        return true;
    }

    private boolean isOver() {
        return phase instanceof Phase.Reporting || phase instanceof Phase.Ended;
    }

    /** The run of a program that runs now. */
    Future<ContainerRun> running() {
        return phase instanceof Phase.Running running
                ? Future.succeededFuture(running.run())
                : Future.failedFuture(new ExecutorFailure.NotRunning(request.executionId()));
    }

    private void create(ImageView image) {
        phaseTimer.cancel();
        journal.stopwatch().imageReady();
        journal.image(image.digest());
        journal.say(ExecutionState.STARTING, null, null);
        ContainerSpec spec =
                Containers.containerSpec(
                        berth.settings(), request, journal.grant(), journal.attempt());
        Phase creating = enter(new Phase.Creating());
        Future<LogPosition> position = berth.lines().position(request.executionId());
        step(creating, launch.create(spec), made -> start(made, position), Reason.CREATE_FAILED);
    }

    /** Not before it is known where the log will start: without Kafka nobody would hear of it. */
    private void start(Launch.Made made, Future<LogPosition> position) {
        String containerId = made.containerId();
        journal.container(containerId);
        created.tryComplete(containerId);
        StopOrder order = stopOrder;
        if (order != null && !made.started()) {
            neverRan(Outcome.neverRan(order.reason(), order.message()), containerId);
            return;
        }
        Phase starting = enter(new Phase.Starting());
        Future<LogPosition> started =
                position.compose(
                                known ->
                                        made.started()
                                                ? position
                                                : launch.start(containerId).map(known))
                        .compose(known -> launch.bindings(request, journal).map(known));
        started.onComplete(
                answer -> {
                    if (!isCurrent(starting)) {
                        return;
                    }
                    if (answer.succeeded()) {
                        started(answer.result());
                    } else {
                        neverRan(
                                Outcomes.ofFailure(answer.cause(), Reason.START_FAILED),
                                containerId);
                    }
                });
    }

    private void started(LogPosition position) {
        journal.stopwatch().started();
        journal.log(position);
        journal.say(ExecutionState.RUNNING, null, null);
        ContainerRun run = new ContainerRun(journal, position, berth, this::stop);
        enter(new Phase.Running(run));
        run.begin();
        StopOrder order = stopOrder;
        if (order != null) {
            run.stop(order);
        }
        run.exited().onSuccess(container -> drain(run, container));
    }

    private void drain(ContainerRun run, @Nullable ContainerView container) {
        vacated.tryComplete();
        Phase draining = enter(new Phase.Draining(run));
        run.drained()
                .onComplete(any -> when(isCurrent(draining), () -> reportExit(run, container)));
    }

    private void reportExit(ContainerRun run, @Nullable ContainerView container) {
        long memory = journal.grant().memoryBytes();
        OutputTail output = run.shipment().tail();
        report(
                Outcomes.ofExit(container, stopOrder, memory, output),
                Remains.ofProgram(run, container));
    }

    private void neverRan(Outcome outcome, @Nullable String containerId) {
        report(outcome, Remains.ofNoProgram(containerId, berth.settings().logTopic()));
    }

    private void report(Outcome outcome, Remains remains) {
        phaseTimer.cancel();
        vacated.tryComplete();
        ExecutionResult result = journal.result(outcome, remains);
        Phase reporting = enter(new Phase.Reporting(result));
        created.tryFail(new ExecutorFailure.CreationFailed(result));
        farewell.say(result, remains.containerId())
                .onComplete(
                        said -> {
                            if (!isCurrent(reporting)) {
                                return;
                            }
                            if (said.succeeded()) {
                                enter(new Phase.Ended(result));
                                ended.tryComplete(result);
                            } else {
                                ended.tryFail(said.cause());
                            }
                        });
    }

    @SuppressWarnings(
            "ReferenceEquality") // the very object: an equal phase entered again is another one
    private boolean isCurrent(Phase during) {
        return phase == during;
    }

    private Phase enter(Phase next) {
        phase = next;
        return next;
    }

    /**
     * Goes on with the answer if {@code during} is still the phase; a failure ends the execution.
     */
    private <T> void step(Phase during, Future<T> answer, Consumer<T> next, Reason otherwise) {
        answer.onComplete(
                done -> {
                    if (!isCurrent(during)) {
                        return;
                    }
                    StopOrder order = stopOrder;
                    if (done.succeeded()) {
                        next.accept(done.result());
                    } else if (order == null) {
                        neverRan(Outcomes.ofFailure(done.cause(), otherwise), null);
                    } else {
                        neverRan(Outcome.neverRan(order.reason(), order.message()), null);
                    }
                });
    }
}
