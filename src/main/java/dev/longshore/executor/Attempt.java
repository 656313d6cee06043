package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.docker.ImageView;
import dev.longshore.job.CrashPoint;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.LogPosition;
import dev.longshore.job.Outcome;
import dev.longshore.job.Reason;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * One attempt to run an execution's program, in one container, from the wait for capacity to the
 * last line of its log. Every method and every answer runs on the executor's context, so that its
 * fields have one writer; an answer that belongs to a phase that is over is dropped.
 */
final class Attempt {
    private final ExecutionRequest request;
    private final Berth berth;
    private final Journal journal;
    private final Guard guard;
    private final Launch launch;
    private final Promise<String> created = Promise.promise();
    private final Promise<Void> vacated = Promise.promise();
    private final Promise<End> ended = Promise.promise();
    private Phase phase = new Phase.Waiting();
    private @Nullable StopOrder stopOrder;
    private @Nullable Future<Launch.Made> making;
    private Timers.Timer phaseTimer = () -> {};

    Attempt(Berth berth, Journal journal) {
        this.request = journal.request();
        this.berth = berth;
        this.guard = berth.guard();
        this.journal = journal;
        this.launch =
                new Launch(berth, new Patience(berth.timers(), () -> !ended.future().isComplete()));
    }

    /** The container's id, once there is one; fails where it ended without. */
    Future<String> created() {
        return created.future();
    }

    /** Completed when it uses nothing of the node's capacity any more, before {@link #ended}. */
    Future<Void> vacated() {
        return vacated.future();
    }

    /** How it ended; never fails. */
    Future<End> ended() {
        return ended.future();
    }

    /** The container whose log can be read from the engine, or null. */
    @Nullable ContainerRun run() {
        return phase.run();
    }

    /** The run of a program that runs now, or null. */
    @Nullable ContainerRun running() {
        return phase instanceof Phase.Running running ? running.run() : null;
    }

    /** Begins to wait for capacity. */
    void queue(Deadlines.Limit wait) {
        limit(wait.left(), Phase.Waiting.class, wait.order());
    }

    /** Capacity was granted: begins. */
    void begin(Grant grant) {
        if (!(phase instanceof Phase.Waiting)) {
            return;
        }
        journal.grant(grant);
        journal.stopwatch().granted();
        Phase preparing = enter(new Phase.Preparing());
        PullReports reports = new PullReports(journal, berth, () -> isCurrent(preparing));
        Future<ImageView> image = launch.image(request, reports::accept);
        step(preparing, image, this::fetch, Reason.IMAGE_PULL_FAILED);
        Duration limit = berth.settings().pullTimeout(request.timeouts());
        StopOrder tooLate = new StopOrder(Reason.TIMED_OUT_PULL, "no image within " + limit);
        limit(limit, Phase.Preparing.class, tooLate);
    }

    /** Goes on with a container of an earlier life: none is started a second time. */
    void resume(ContainerView container, Relic relic) {
        stopOrder = relic.order();
        making = Future.succeededFuture(new Launch.Made(container.id(), true));
        created.tryComplete(container.id());
        Future<LogPosition> position = relic.logStart(berth.lines());
        if (container.state() == ContainerView.State.CREATED && container.startedAt() == null) {
            Future<Launch.Made> made =
                    position.compose(log -> launch.verify(journal, container, log))
                            .compose(fine -> launch.inputs(journal))
                            .map(fine -> new Launch.Made(container.id(), false));
            step(
                    enter(new Phase.Creating()),
                    made,
                    unstarted -> start(unstarted, position),
                    Reason.CREATE_FAILED);
            return;
        }
        step(
                enter(new Phase.Starting()),
                position,
                log -> {
                    relic.announce(journal, container, log, berth.timers().now());
                    running(new ContainerRun(journal, log, berth, this::stop).after(relic));
                },
                Reason.INFRA_LOST);
    }

    /** Ends it if it is still in this phase when its time is up. */
    private void limit(Duration time, Class<? extends Phase> during, StopOrder order) {
        phaseTimer.cancel();
        phaseTimer =
                berth.timers().after(time, () -> when(during.isInstance(phase), () -> stop(order)));
    }

    private static void when(boolean holds, Runnable action) {
        if (holds) {
            action.run();
        }
    }

    /** Whether the engine was not asked for a container yet. */
    boolean hasNoContainer() {
        return phase instanceof Phase.Waiting || phase instanceof Phase.Preparing;
    }

    /**
     * Ends it before it would by itself. The first order counts; one that comes when the program
     * has ended already changes nothing.
     *
     * @return whether the order will be followed
     */
    boolean stop(StopOrder order) {
        boolean over = phase instanceof Phase.Over || phase instanceof Phase.Draining;
        if (over || stopOrder != null) {
            return !over;
        }
        stopOrder = order;
        if (hasNoContainer()) {
            end(Outcome.neverRan(order.reason(), order.message()), null);
        } else if (phase instanceof Phase.Running running) {
            running.run().stop(order);
        }
        return true;
    }

    /** Lets go of it as it is: nothing that it does from now on is heard of here. */
    void detach() {
        phaseTimer.cancel();
        launch.release();
        ContainerRun run = run();
        if (run != null) {
            run.detach();
        }
        enter(new Phase.Over());
    }

    /** Lets go of it since we failed at it ourselves; completed when its program has ended. */
    Future<Remains> abandon() {
        ContainerRun run = run();
        detach();
        return new Salvage(berth).of(making, run);
    }

    /** Brings what the job names by URL to this node; each file has its own time for that. */
    private void fetch(ImageView image) {
        phaseTimer.cancel();
        journal.stopwatch().imageReady();
        Phase preparing = enter(new Phase.Preparing());
        step(preparing, launch.inputs(journal), got -> create(image), Reason.INPUT_FAILED);
    }

    private void create(ImageView image) {
        journal.image(image.digest());
        journal.pull(null);
        journal.say(ExecutionState.STARTING, null, null);
        Phase creating = enter(new Phase.Creating());
        Future<LogPosition> position = launch.position(request);
        Future<Launch.Made> made = position.compose(log -> launch.create(journal, image, log));
        making = made;
        step(creating, made, container -> start(container, position), Reason.CREATE_FAILED);
    }

    /** Not before it is known where the log will start: without Kafka nobody would hear of it. */
    private void start(Launch.Made made, Future<LogPosition> position) {
        CrashPoint.AFTER_CREATE.passed();
        String containerId = made.containerId();
        journal.container(containerId);
        created.tryComplete(containerId);
        StopOrder order = stopOrder;
        if (order != null && !made.started()) {
            end(Outcome.neverRan(order.reason(), order.message()), containerId);
            return;
        }
        Phase starting = enter(new Phase.Starting());
        Future<LogPosition> started = position.compose(log -> launch.run(made, journal).map(log));
        guard.hear(
                started, answer -> when(isCurrent(starting), () -> started(answer, containerId)));
    }

    private void started(AsyncResult<LogPosition> answer, String containerId) {
        if (answer.failed()) {
            end(Outcomes.ofFailure(answer.cause(), Reason.START_FAILED), containerId);
            return;
        }
        LogPosition position = answer.result();
        CrashPoint.AFTER_START.passed();
        journal.stopwatch().started();
        journal.log(position);
        journal.say(ExecutionState.RUNNING, null, null);
        running(new ContainerRun(journal, position, berth, this::stop));
    }

    private void running(ContainerRun run) {
        enter(new Phase.Running(run));
        run.begin();
        StopOrder order = stopOrder;
        if (order != null) {
            run.stop(order);
        }
        guard.hear(
                run.exited(),
                exited ->
                        when(
                                phase instanceof Phase.Running running && running.run() == run,
                                () -> drain(run, exited.result())));
    }

    private void drain(ContainerRun run, @Nullable ContainerView container) {
        CrashPoint.AFTER_EXIT.passed();
        vacated.tryComplete();
        Phase draining = enter(new Phase.Draining(run));
        // Where it was let go of meanwhile, what is missing of its log is for the next life to
        // tell.
        guard.hear(
                run.drained().compose(any -> run.collect(container)),
                outputs ->
                        when(
                                isCurrent(draining),
                                () -> end(End.of(run, container, stopOrder, outputs))));
    }

    /** Ends without a program having run. */
    private void end(Outcome outcome, @Nullable String containerId) {
        end(new End(outcome, Remains.ofNoProgram(containerId, berth.settings().logTopic())));
    }

    private void end(End end) {
        phaseTimer.cancel();
        launch.release();
        enter(new Phase.Over());
        vacated.tryComplete();
        created.tryFail("it ended without a container");
        ended.tryComplete(end);
    }

    /** The very object: an equal phase entered again is another one. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isCurrent(Phase during) {
        return phase == during;
    }

    private Phase enter(Phase next) {
        phase = next;
        return next;
    }

    /** Goes on with the answer if {@code during} is still the phase; a failure ends the attempt. */
    private <T> void step(Phase during, Future<T> answer, Consumer<T> next, Reason otherwise) {
        guard.hear(
                answer,
                done -> {
                    StopOrder order = stopOrder;
                    if (!isCurrent(during)) {
                        return;
                    } else if (done.succeeded()) {
                        next.accept(done.result());
                    } else if (order == null) {
                        end(Outcomes.ofFailure(done.cause(), otherwise), null);
                    } else {
                        end(Outcome.neverRan(order.reason(), order.message()), null);
                    }
                });
    }
}
