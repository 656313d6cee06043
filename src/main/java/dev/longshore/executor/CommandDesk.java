package dev.longshore.executor;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobCommand;
import dev.longshore.job.NodeId;
import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.Delivery;

import io.vertx.core.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * Turns deliveries into calls of the executor, and its answers into the end of their custody: a
 * start is let go of when its container exists, or when Kafka has the result of one that never got
 * a container. Lives on the executor's context.
 */
final class CommandDesk {
    private static final Logger log = LoggerFactory.getLogger(CommandDesk.class);

    private final Executor executor;
    private final Known known;
    private final Cancellations cancellations;
    private final Gate gate;
    private final ExecutorSettings settings;
    private final Parked parked;
    private Runnable onDrain = () -> {};

    CommandDesk(Executor executor, Known known, Gate gate, Berth berth) {
        this.executor = executor;
        this.known = known;
        this.cancellations = new Cancellations(berth.timers());
        this.gate = gate;
        this.settings = berth.settings();
        this.parked = new Parked(berth.timers(), this::isOrphaned, this::take);
        executor.onRoom(this::mindTheLine);
    }

    /** Tells {@code listener} when the node begins or ends to drain. */
    void onDrain(Runnable listener) {
        onDrain = listener;
    }

    /** Takes what came by the topic of jobs, or by the topic of control. */
    void take(Delivery delivery) {
        switch (delivery.command()) {
            case JobCommand.Start start -> start(start.request(), delivery);
            case JobCommand.Cancel cancel -> cancel(cancel, delivery);
            case JobCommand.Pause(ExecutionId id) -> settle(id, executor.pause(id), delivery);
            case JobCommand.Resume(ExecutionId id) -> settle(id, executor.resume(id), delivery);
            case JobCommand.Signal(ExecutionId id, String signal) ->
                    settle(id, executor.signal(id, signal), delivery);
            case JobCommand.Extend(ExecutionId id, Duration run) ->
                    settle(id, executor.extend(id, run), delivery);
            case JobCommand.Remove(ExecutionId id) -> settle(id, executor.remove(id), delivery);
            case JobCommand.Drain(NodeId node) -> ofNode(node, delivery, () -> drain(true));
            case JobCommand.Undrain(NodeId node) -> ofNode(node, delivery, () -> drain(false));
            case JobCommand.Cleanup(NodeId node) -> ofNode(node, delivery, this::cleanup);
            case JobCommand.Prefetch prefetch ->
                    ofNode(prefetch.nodeId(), delivery, () -> prefetch(prefetch));
        }
    }

    private void start(ExecutionRequest request, Delivery delivery) {
        ExecutionId id = request.executionId();
        Order order = new Order(request, delivery.origin(), delivery.writtenAt());
        Future<String> started = executor.start(order);
        JobCommand.Cancel cancel = cancellations.take(id);
        if (cancel != null) {
            executor.cancel(id, cancel.reason());
        }
        mindTheLine();
        started.onComplete(
                container -> {
                    if (container.succeeded()) {
                        delivery.done();
                    } else {
                        notStarted(id, container.cause(), delivery);
                    }
                });
    }

    private void notStarted(ExecutionId id, Throwable failure, Delivery delivery) {
        switch (failure) {
            case ExecutorFailure.AlreadyStarted already when already.sameSpec() ->
                    holdUntilSafe(id, delivery);
            case ExecutorFailure.AlreadyStarted already ->
                    refuseUnless(false, RefusalCode.ALREADY_STARTED, already, delivery);
            case ExecutorFailure.AlreadyFinished already ->
                    refuseUnless(
                            already.sameSpec(), RefusalCode.ALREADY_FINISHED, already, delivery);
            case ExecutorFailure.NotPermitted never ->
                    executor.await(id)
                            .result()
                            .onSuccess(result -> refuse(refusal(never), delivery));
            case ExecutorFailure.CanNeverFit never ->
                    executor.await(id)
                            .result()
                            .onSuccess(
                                    result ->
                                            refuseUnless(
                                                    false,
                                                    RefusalCode.INSUFFICIENT_RESOURCES,
                                                    never,
                                                    delivery));
            default -> executor.await(id).result().onSuccess(result -> delivery.done());
        }
    }

    /**
     * The same start once more, as after a rebalance: the first delivery may have been let go of
     * since, so that this one has to stand for it until there is a container or a result.
     */
    private void holdUntilSafe(ExecutionId id, Delivery delivery) {
        Future<Void> here = executor.safe(id);
        if (here != null) {
            here.onSuccess(safe -> delivery.done());
            return;
        }
        Known.Life life = known.find(id);
        if (life == null) {
            delivery.done();
        } else {
            parked.park(id, delivery, life.state());
        }
    }

    /** Hears what any node says of an execution. */
    void learned(StatusEvent event) {
        parked.learned(event);
    }

    /** Whether somebody asked for the end of an execution that is not this node's. */
    boolean isCancelled(ExecutionId id) {
        return cancellations.has(id);
    }

    private boolean isOrphaned(ExecutionId id, Delivery delivery) {
        return delivery.command() instanceof JobCommand.Start(ExecutionRequest request)
                && executor.isNew(request);
    }

    private void cancel(JobCommand.Cancel cancel, Delivery delivery) {
        ExecutionId id = cancel.executionId();
        executor.cancel(id, cancel.reason())
                .onComplete(
                        ordered -> {
                            if (ordered.cause() instanceof ExecutorFailure.NotFound) {
                                cancellations.remember(cancel, delivery.writtenAt());
                            }
                            answer(id, ordered.cause(), delivery);
                        });
    }

    private void settle(ExecutionId id, Future<Void> done, Delivery delivery) {
        done.onComplete(answer -> answer(id, answer.cause(), delivery));
    }

    /** Not again after a restart: what was asked of an earlier life of the node is over. */
    private void ofNode(NodeId node, Delivery delivery, Runnable action) {
        if (node.equals(settings.nodeId()) && !delivery.replayed()) {
            action.run();
        }
        delivery.done();
    }

    private void drain(boolean draining) {
        gate.set(Gate.Reason.DRAINING, draining);
        onDrain.run();
    }

    private void cleanup() {
        executor.cleanup().onFailure(failure -> log.warn("clean-up: {}", failure.getMessage()));
    }

    private void prefetch(JobCommand.Prefetch prefetch) {
        executor.prefetch(prefetch)
                .onSuccess(image -> log.info("{} is here: {}", prefetch.image(), image.digest()))
                .onFailure(
                        failure ->
                                log.warn(
                                        "{} was not fetched: {}",
                                        prefetch.image(),
                                        failure.getMessage()));
    }

    /**
     * Every node reads every control command; only the one that ran the execution says what is
     * wrong with it.
     */
    private void answer(ExecutionId id, Throwable failure, Delivery delivery) {
        Known.Life life = known.find(id);
        NodeId owner = life == null ? settings.nodeId() : life.nodeId();
        boolean ours = owner.equals(settings.nodeId()) && !delivery.replayed();
        switch (failure) {
            case ExecutorFailure.AlreadyFinished finished when ours ->
                    refuseUnless(false, RefusalCode.ALREADY_FINISHED, finished, delivery);
            case ExecutorFailure.NotRunning waiting when ours ->
                    refuseUnless(false, RefusalCode.NOT_RUNNING, waiting, delivery);
            case ExecutorFailure.AlreadyStarted live when ours ->
                    refuseUnless(false, RefusalCode.ALREADY_STARTED, live, delivery);
            case ExecutorFailure.NotPermitted never when ours -> refuse(refusal(never), delivery);
            case null, default -> delivery.done();
        }
    }

    private static Refusal refusal(ExecutorFailure.NotPermitted never) {
        return new Refusal(
                RefusalCode.NOT_PERMITTED, never.field(), String.valueOf(never.getMessage()));
    }

    private void refuseUnless(
            boolean fine, RefusalCode code, Throwable failure, Delivery delivery) {
        if (fine) {
            delivery.done();
            return;
        }
        String message = failure.getMessage();
        refuse(Refusal.of(code, message == null ? code.name() : message), delivery);
    }

    private void refuse(Refusal refusal, Delivery delivery) {
        delivery.refuse(refusal)
                .onFailure(
                        lost ->
                                log.error(
                                        "a refused command could not be kept as a dead letter: {}",
                                        lost.getMessage()));
    }

    private void mindTheLine() {
        int waiting = executor.waiting();
        if (waiting >= settings.maxWaiting()) {
            gate.set(Gate.Reason.FULL, true);
        } else if (waiting <= settings.maxWaiting() / 2) {
            gate.set(Gate.Reason.FULL, false);
        }
    }
}
