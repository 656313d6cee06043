package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.Evidence;
import dev.longshore.docker.LogRequest;
import dev.longshore.job.CollectedOutput;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogPosition;
import dev.longshore.job.Output;
import dev.longshore.job.Reason;
import dev.longshore.job.Usage;
import dev.longshore.results.ResultFailure;
import dev.longshore.results.ResultWriter;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A started container until its program has ended: ships its log, watches its time, waits for its
 * exit and, on order, ends it. Lives on the executor's context.
 */
final class ContainerRun {
    private static final Logger log = LoggerFactory.getLogger(ContainerRun.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final ExecutionRequest request;
    private final Journal journal;
    private final String containerId;
    private final Berth berth;
    private final ResultWriter files;
    private final LogShipment shipment;
    private final Consumer<StopOrder> limits;
    private final ExitWatch exit;
    private final Promise<Evidence> evidence = Promise.promise();
    private final int liveRestartsBefore;
    private boolean touched;
    private long startNanos;
    private final UsageMeter meter;
    private Timers.Timer runTimer = () -> {};

    /**
     * @param limits told when the program has to end because it broke a limit
     */
    ContainerRun(Journal journal, LogPosition position, Berth berth, Consumer<StopOrder> limits) {
        this.request = journal.request();
        this.journal = journal;
        this.containerId = journal.containerId();
        this.berth = berth;
        this.exit = new ExitWatch(berth, containerId);
        this.liveRestartsBefore = berth.watch().liveRestarts();
        this.limits = limits;
        this.startNanos = berth.timers().nanoTime();
        this.meter = new UsageMeter(berth.docker(), berth.timers(), containerId);
        this.files = berth.results().begin(request.executionId(), journal.attempt());
        long maxBytes = berth.settings().maxLogBytes();
        this.shipment =
                new LogShipment(
                                berth.lines(),
                                files,
                                position,
                                maxBytes,
                                () ->
                                        limits.accept(
                                                new StopOrder(
                                                        Reason.LOG_LIMIT,
                                                        "the program printed more than "
                                                                + maxBytes
                                                                + " bytes")))
                        .guardedBy(berth.guard());
    }

    /** The same, of a program that an earlier life of the node started. */
    ContainerRun after(Relic relic) {
        ContainerView container = relic.container();
        if (container != null && container.startedAt() != null) {
            Duration since = Duration.between(container.startedAt(), berth.timers().now());
            startNanos -= Math.max(0, since.toNanos());
        }
        shipment.skip(relic.lines());
        return this;
    }

    long memoryLimitBytes() {
        return journal.grant().memoryBytes();
    }

    String containerId() {
        return containerId;
    }

    LogShipment shipment() {
        return shipment;
    }

    /** Begins to read the log and to wait; once. */
    void begin() {
        shipment.start(
                berth.docker(),
                new LogRequest(containerId, request.executionId(), journal.attempt(), 0));
        limit(berth.settings().runTimeout(request.timeouts()));
        meter.start();
        exit.ended().onSuccess(berth.guard().of(this::over));
        exit.start();
    }

    /** What the program used, as far as it was seen. */
    @Nullable Usage usage() {
        return meter.usage();
    }

    /** How long the program may run in all, from its start; replaces what held before. */
    void limit(Duration run) {
        runTimer.cancel();
        Duration soFar = Duration.ofNanos(berth.timers().nanoTime() - startNanos);
        Duration left = run.minus(soFar);
        runTimer =
                berth.timers()
                        .after(
                                left.isNegative() ? Duration.ZERO : left,
                                () ->
                                        limits.accept(
                                                new StopOrder(
                                                        Reason.TIMED_OUT_RUN,
                                                        "the program ran longer than " + run)));
    }

    /** The container after its program's end, or null where it is gone; never fails. */
    Future<@Nullable ContainerView> exited() {
        return exit.ended();
    }

    /** Looks whether the program has ended unheard. */
    Future<Void> lookAgain() {
        return exit.lookAgain();
    }

    /**
     * Completed when the log is with Kafka, or the engine gave nothing of it for too long, and when
     * it is known what ended the program; never fails.
     */
    Future<Void> drained() {
        giveUpWhenStalled();
        return Future.join(shipment.delivered(), evidence.future()).mapEmpty();
    }

    /** What ended the program; there is an answer from {@link #drained} on. */
    Evidence evidence() {
        return evidence.future().result();
    }

    /** Sends the program a signal, which may end it: then that was asked for. */
    Future<Void> signal(String signal) {
        touched = true;
        return berth.docker().kill(containerId, signal);
    }

    /** Watches no longer; what was read of the log still goes to Kafka. */
    void detach() {
        runTimer.cancel();
        meter.stop();
        shipment.detach();
    }

    private void giveUpWhenStalled() {
        long before = shipment.lines();
        berth.timers()
                .after(
                        berth.settings().logDrain(),
                        () -> {
                            if (shipment.delivered().isComplete()) {
                                return;
                            }
                            if (shipment.stalledAt(before)) {
                                shipment.giveUp();
                            } else {
                                giveUpWhenStalled();
                            }
                        });
    }

    /**
     * Closes the log's files and collects the outputs, one after the other; fails with the first
     * that cannot be had. An engine that is away is waited for: the container still has them.
     *
     * @param exited the container, or null where it is gone, and with it what it had
     */
    Future<List<CollectedOutput>> collect(@Nullable ContainerView exited) {
        List<CollectedOutput> all = new ArrayList<>();
        Future<?> collected = Future.succeededFuture();
        List<Output> wanted = exited == null ? List.of() : request.files().outputs();
        for (Output output : wanted) {
            collected =
                    collected.compose(
                            before ->
                                    new Patience(berth.timers(), () -> true)
                                            .ask(() -> collect(output))
                                            .onSuccess(all::add));
        }
        Future<?> outputs = collected;
        return files.finish().otherwiseEmpty().compose(closed -> outputs).map(done -> all);
    }

    private Future<CollectedOutput> collect(Output output) {
        return berth.docker()
                .copyOut(containerId, output.target())
                .compose(
                        tar ->
                                files.collect(output, tar)
                                        .onComplete(over -> tar.close())
                                        .recover(ContainerRun::askAgain));
    }

    private static Future<CollectedOutput> askAgain(Throwable failure) {
        return Future.failedFuture(
                failure instanceof ResultFailure.Interrupted
                        ? new DockerFailure.Unreachable(String.valueOf(failure.getMessage()))
                        : failure);
    }

    /** Freezes the program; does nothing where it is frozen. */
    Future<Void> pause() {
        return berth.docker()
                .pause(containerId)
                .onSuccess(done -> journal.change(ExecutionState.RUNNING, ExecutionState.PAUSED));
    }

    /** Lets the frozen program go on; does nothing where it is not frozen. */
    Future<Void> resume() {
        return berth.docker()
                .unpause(containerId)
                .onSuccess(done -> journal.change(ExecutionState.PAUSED, ExecutionState.RUNNING));
    }

    /** Asks the program to end, and makes it; goes on trying until it has. */
    void stop(StopOrder order) {
        touched = true;
        boolean frozen = journal.isIn(ExecutionState.PAUSED);
        journal.say(ExecutionState.STOPPING, order.reason(), order.message());
        Duration own = Containers.stopGrace(berth.settings(), request.engine());
        Duration most = order.mostGrace();
        Duration grace = most != null && most.compareTo(own) < 0 ? most : own;
        if (frozen) {
            // A frozen program hears no signal.
            berth.docker()
                    .unpause(containerId)
                    .onComplete(berth.guard().of(any -> askToStop(grace)));
        } else {
            askToStop(grace);
        }
    }

    private void askToStop(Duration grace) {
        String signal = request.engine().stopSignal();
        berth.docker()
                .stop(containerId, signal == null ? Containers.STOP_SIGNAL : signal, grace)
                .onFailure(
                        failure ->
                                berth.timers()
                                        .after(
                                                AGAIN,
                                                () -> {
                                                    if (!exit.isOver()) {
                                                        log.warn(
                                                                "stopping {} again: {}",
                                                                request.executionId(),
                                                                failure.getMessage());
                                                        askToStop(grace);
                                                    }
                                                }));
    }

    private void over(@Nullable ContainerView container) {
        runTimer.cancel();
        meter.stop();
        if (container == null) {
            shipment.giveUp();
        }
        Future<Void> doubts =
                berth.watch().liveRestarts() == liveRestartsBefore
                        ? Future.succeededFuture()
                        : shipment.doubt(request.executionId(), journal.attempt());
        doubts.compose(told -> berth.watch().judge(containerId, container, touched))
                .onComplete(evidence);
    }
}
