package dev.longshore.executor;

import dev.longshore.capacity.Ledger;
import dev.longshore.docker.ImageView;
import dev.longshore.docker.LogFollow;
import dev.longshore.docker.LogSink;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.GpuRequest;
import dev.longshore.job.Grant;
import dev.longshore.job.JobCommand;
import dev.longshore.job.LogStreamRequest;
import dev.longshore.job.Reason;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs executions on one Docker engine (the seed's {@code executor.docker.Executor}): start, run,
 * wait, cancel, log stream, list, status, remove, clean up. Whether a start is new is decided here,
 * at once and before any call to the engine. Every method is called on the executor's context and
 * answers there; failures are {@link ExecutorFailure}s.
 */
public final class Executor {
    private final Berth berth;
    private final Known known;
    private final Roster roster;
    private final Admission admission;
    private final EngineLogs logs;
    private final Cleanup cleanup;

    Executor(Berth berth, Known known, Ledger ledger) {
        this.berth = berth;
        this.known = known;
        this.roster = new Roster(known);
        this.admission = new Admission(berth.settings().policy(), ledger, roster);
        this.logs = new EngineLogs(berth.docker());
        this.cleanup = new Cleanup(berth.docker(), berth.settings().nodeId(), roster::isLive);
    }

    /**
     * Begins an execution (the seed's {@code Start}); completed with the container's id once there
     * is a container, which may take as long as the wait for capacity and the pull of the image.
     *
     * @return fails with {@link ExecutorFailure.AlreadyStarted}, {@link
     *     ExecutorFailure.AlreadyFinished}, {@link ExecutorFailure.NotPermitted}, {@link
     *     ExecutorFailure.CanNeverFit} at once, or with {@link ExecutorFailure.CreationFailed}
     *     where no program ran
     */
    public Future<String> start(ExecutionRequest request) {
        return start(new Order(request, null, null));
    }

    /** The same, of a command that came by a topic. */
    Future<String> start(Order order) {
        ExecutionRequest request = order.request();
        ExecutionId id = request.executionId();
        Optional<ExecutorFailure> earlier = earlier(request);
        if (earlier.isPresent()) {
            return Future.failedFuture(earlier.get());
        }
        Grant wanted = request.resources().orElse(berth.settings().defaults());
        GpuRequest gpus = request.resources().gpus();
        Journal journal = Journal.begin(berth, order, wanted, known.find(id));
        ExecutionHandler handler =
                new ExecutionHandler(berth, journal, admission.place(id, wanted, gpus));
        roster.add(handler);
        Optional<ExecutorFailure> unwilling = admission.unwilling(request, wanted);
        if (unwilling.isPresent()) {
            handler.reject(Outcomes.ofRefusal(unwilling.get()));
            return Future.failedFuture(unwilling.get());
        }
        if (handler.isTooLate()) {
            return handler.created();
        }
        handler.accept(admission.whyWait(wanted, gpus));
        berth.mounts()
                .sources(request.files().inputs())
                .onSuccess(sources -> handler.queue())
                .onFailure(handler::refuse);
        return handler.created();
    }

    /**
     * Takes on again what an earlier life of this node left; before any command is taken. What it
     * has is counted, even if that is more than there is.
     */
    void adopt(Relic relic) {
        ExecutionRequest request = relic.request();
        Grant wanted = request.resources().orElse(berth.settings().defaults());
        StatusEvent last = relic.last();
        Grant held = last == null || last.resources() == null ? wanted : last.resources();
        ExecutionId id = request.executionId();
        Journal journal = Journal.resume(berth, relic, held);
        ExecutionHandler handler =
                new ExecutionHandler(
                        berth, journal, admission.place(id, wanted, request.resources().gpus()));
        roster.add(handler);
        if (relic.holdsCapacity()) {
            ledger().adopt(id, held);
        }
        handler.resume(relic);
    }

    /** Begins an execution and waits for its end; any exit code is a result. */
    public Future<ExecutionResult> run(ExecutionRequest request) {
        Future<String> created = start(request);
        if (created.failed()) {
            return Future.failedFuture(created.cause());
        }
        return created.compose(id -> await(request.executionId()).result());
    }

    /**
     * Waits for the end of an execution (the seed's {@code Wait}). Its result fails at once with
     * {@link ExecutorFailure.NotFound}, or with {@link ExecutorFailure.AlreadyFinished} where the
     * end is so long ago that only the topic of results still has it.
     */
    public Waiting await(ExecutionId executionId) {
        ExecutionHandler handler = roster.find(executionId);
        return handler == null
                ? Waiting.failed(executionId, roster.missing(executionId))
                : new Waiting(executionId, handler.ended());
    }

    /**
     * Ends an execution: stop signal, grace period, SIGKILL. Completed when the order is given, not
     * when it is carried out; {@code message} is what the one who cancels has to say.
     */
    public Future<Void> cancel(ExecutionId executionId, @Nullable String message) {
        ExecutionHandler handler = roster.find(executionId);
        if (handler == null) {
            return Future.failedFuture(roster.missing(executionId));
        }
        return handler.stop(new StopOrder(Reason.CANCELLED, message))
                ? Future.succeededFuture()
                : Future.failedFuture(new ExecutorFailure.AlreadyFinished(executionId, true));
    }

    /** Freezes the program; fails with {@link ExecutorFailure.NotRunning} where it does not run. */
    public Future<Void> pause(ExecutionId executionId) {
        return roster.require(executionId)
                .compose(ExecutionHandler::running)
                .compose(ContainerRun::pause);
    }

    /** Lets a frozen program go on. */
    public Future<Void> resume(ExecutionId executionId) {
        return roster.require(executionId)
                .compose(ExecutionHandler::running)
                .compose(ContainerRun::resume);
    }

    /** The container of a running program; fails as {@link #pause} does. */
    Future<ContainerRun> running(ExecutionId executionId) {
        return roster.require(executionId).compose(ExecutionHandler::running);
    }

    /** Sends the program a signal, such as {@code SIGHUP}. */
    public Future<Void> signal(ExecutionId executionId, String signal) {
        return roster.require(executionId)
                .compose(ExecutionHandler::running)
                .compose(run -> run.signal(signal));
    }

    /**
     * Gives the program another time, counted from its start; fails with {@link
     * ExecutorFailure.NotPermitted} where no program may run so long.
     */
    public Future<Void> extend(ExecutionId executionId, Duration run) {
        Optional<Policy.Verdict> tooLong = berth.settings().policy().judgeRun(run);
        if (tooLong.isPresent()) {
            return Future.failedFuture(new ExecutorFailure.NotPermitted(tooLong.get()));
        }
        return roster.require(executionId)
                .compose(ExecutionHandler::running)
                .onSuccess(running -> running.limit(run))
                .mapEmpty();
    }

    /**
     * The log of an execution (the seed's {@code GetLogStream}); waits for its container. What has
     * ended is read from the topic instead.
     */
    public Future<LogFollow> logs(LogStreamRequest request, LogSink sink) {
        ExecutionHandler handler = roster.live(request.executionId());
        if (handler == null) {
            return Future.failedFuture(roster.missing(request.executionId()));
        }
        return logs.open(handler, request, sink);
    }

    /** The newest status of every execution that has not ended. */
    public List<StatusEvent> list() {
        return roster.statuses();
    }

    /** The newest status of an execution that runs here or ended here not long ago. */
    public Future<StatusEvent> status(ExecutionId executionId) {
        ExecutionHandler handler = roster.find(executionId);
        return handler == null
                ? Future.failedFuture(roster.missing(executionId))
                : Future.succeededFuture(handler.status());
    }

    /**
     * Fetches an image before it is needed, unless it is here; fails with {@link
     * ExecutorFailure.NotPermitted} for one that no job may use here.
     */
    public Future<ImageView> prefetch(JobCommand.Prefetch order) {
        Optional<Policy.Verdict> verdict = berth.settings().policy().judgeImage(order.image());
        return verdict.isPresent()
                ? Future.failedFuture(new ExecutorFailure.NotPermitted(verdict.get()))
                : berth.pulls().prefetch(order);
    }

    /** Removes what an execution that has ended left on the engine and among the results. */
    public Future<Void> remove(ExecutionId executionId) {
        if (roster.isLive(executionId)) {
            return Future.failedFuture(new ExecutorFailure.AlreadyStarted(executionId, true));
        }
        return cleanup.remove(executionId).compose(gone -> berth.results().remove(executionId));
    }

    /**
     * Removes every container, network and volume with this node's label that belongs to no live
     * execution (the seed's {@code Cleanup}). Fails, after having tried everything, if something
     * could not be removed.
     */
    public Future<Void> cleanup() {
        return cleanup.sweep();
    }

    /** Completed when it has a container or a result; null where it is not this node's. */
    @Nullable Future<Void> safe(ExecutionId executionId) {
        ExecutionHandler handler = roster.live(executionId);
        if (handler == null) {
            return null;
        }
        return handler.created()
                .transform(
                        created ->
                                created.succeeded()
                                        ? Future.succeededFuture()
                                        : handler.ended().mapEmpty());
    }

    /** Whether a start would be taken for a new one. */
    boolean isNew(ExecutionRequest request) {
        return earlier(request).isEmpty();
    }

    /** Who runs here. */
    Roster roster() {
        return roster;
    }

    /** How many executions wait for capacity. */
    public int waiting() {
        return admission.waiting();
    }

    /** How many hold capacity. */
    public int running() {
        return ledger().holders();
    }

    /** What is promised and what there is. */
    public Ledger ledger() {
        return admission.ledger();
    }

    /** Tells {@code listener} whenever the line of those who wait gets shorter. */
    void onRoom(Runnable listener) {
        admission.onRoom(listener);
    }

    private Optional<ExecutorFailure> earlier(ExecutionRequest request) {
        ExecutionId id = request.executionId();
        ExecutionHandler handler = roster.live(id);
        if (handler != null) {
            boolean same = handler.request().specHash().equals(request.specHash());
            return Optional.of(new ExecutorFailure.AlreadyStarted(id, same));
        }
        return known.earlier(request, berth.settings().nodeId());
    }
}
