package dev.longshore.executor;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.Grant;
import dev.longshore.job.NodeId;
import dev.longshore.job.Reason;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.EventSink.Finale;
import dev.longshore.kafka.LineSurvey;
import dev.longshore.kafka.NodeFence;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Settles what a lost node left: fences it, reads what it said to the very end, and only then, in
 * one transaction that the fence guards, ends each of its executions as lost or takes it over for
 * another attempt. Those whose start commands Kafka will deliver again are left to that. Lives on
 * the executor's context.
 */
final class Inheritance implements LostNodes.Settlement {
    private static final Logger log = LoggerFactory.getLogger(Inheritance.class);

    private final Berth berth;
    private final Executor executor;
    private final Known known;
    private final Means means;

    /** Taken over, as far as this node knows: the topic decides. */
    private final Map<ExecutionId, Heir> heirs = new HashMap<>();

    /**
     * What it works with.
     *
     * @param memory what the topics still know
     * @param fence takes the place of nodes
     * @param upToNow completed when all that is written by now is known
     * @param isCancelled whether somebody asked for the end of it
     */
    record Means(
            Memory memory,
            NodeFence fence,
            Supplier<Future<Void>> upToNow,
            Predicate<ExecutionId> isCancelled) {}

    /** An execution that this node would take over. */
    private record Heir(ExecutionRequest request, StatusEvent said, Instant acceptedAt) {}

    /** What is said of what a node left. */
    private record Will(List<Finale> ends, List<Heir> heirs) {
        boolean isEmpty() {
            return ends.isEmpty() && heirs.isEmpty();
        }

        List<NodeFence.Handover> handovers() {
            return heirs.stream()
                    .map(heir -> new NodeFence.Handover(heir.said(), heir.request().traceparent()))
                    .toList();
        }
    }

    Inheritance(Berth berth, Executor executor, Known known, Means means) {
        this.berth = berth;
        this.executor = executor;
        this.known = known;
        this.means = means;
    }

    @Override
    public Future<Void> settle(LostNodes.Loss loss) {
        enter();
        return means.memory()
                .committed()
                .compose(
                        committed ->
                                left(loss.nodeId(), committed).isEmpty()
                                        ? Future.succeededFuture()
                                        : settle(loss, committed));
    }

    private Future<Void> settle(LostNodes.Loss loss, Map<Integer, Long> committed) {
        log.warn(
                "node {} was not heard for {} s: settling its {} executions without it",
                loss.nodeId(),
                loss.silence().toSeconds(),
                left(loss.nodeId(), committed).size());
        return means.fence()
                .raise(loss.nodeId())
                .compose(
                        raised ->
                                means.upToNow()
                                        .get()
                                        .compose(told -> will(loss, committed))
                                        .compose(will -> publish(raised, will))
                                        .eventually(raised::close))
                // Whether or not it is known that it was written.
                .eventually(() -> means.upToNow().get().onSuccess(told -> enter()));
    }

    private Future<Void> publish(NodeFence.Raised raised, Will will) {
        if (will.isEmpty()) {
            return Future.succeededFuture();
        }
        will.heirs().forEach(heir -> heirs.put(heir.said().executionId(), heir));
        return raised.write(will.ends(), will.handovers());
    }

    /** What the node has not ended and nobody will be given again. */
    private List<StatusEvent> left(NodeId lost, Map<Integer, Long> committed) {
        return known.unfinished(lost).stream()
                .filter(last -> Adoption.isLetGoOf(last.command(), last, committed))
                .toList();
    }

    private Future<Will> will(LostNodes.Loss loss, Map<Integer, Long> committed) {
        List<StatusEvent> left = left(loss.nodeId(), committed);
        List<CommandPosition> places =
                left.stream().map(StatusEvent::command).filter(Objects::nonNull).toList();
        List<LineSurvey.Ask> logs = new ArrayList<>();
        for (StatusEvent last : left) {
            if (last.log() != null) {
                logs.add(new LineSurvey.Ask(last.executionId(), last.attempt(), last.log()));
            }
        }
        return Future.all(means.memory().starts(places), means.memory().lines(logs))
                .map(
                        answers -> {
                            Map<CommandPosition, ExecutionRequest> starts = answers.resultAt(0);
                            Map<ExecutionId, LineSurvey.Found> lines = answers.resultAt(1);
                            return will(
                                    new NodeLoss(
                                            berth, loss, known.lastHeardOf(loss.nodeId()), lines),
                                    left,
                                    starts);
                        });
    }

    private Will will(
            NodeLoss loss, List<StatusEvent> left, Map<CommandPosition, ExecutionRequest> starts) {
        Will will = new Will(new ArrayList<>(), new ArrayList<>());
        for (StatusEvent last : left) {
            Known.Begun begun = known.begun(last.executionId());
            Known.Begun since = begun == null ? new Known.Begun(last.time(), null) : begun;
            ExecutionRequest request = request(last, starts);
            if (request != null && isWanted(request, last) && isWelcome(request)) {
                StatusEvent said = loss.takenOver(last);
                will.heirs().add(new Heir(request, said, since.acceptedAt()));
            } else {
                String traceparent = request == null ? null : request.traceparent();
                will.ends().add(loss.end(last, since, traceparent));
            }
        }
        return will;
    }

    private static @Nullable ExecutionRequest request(
            StatusEvent last, Map<CommandPosition, ExecutionRequest> starts) {
        ExecutionRequest request = last.command() == null ? null : starts.get(last.command());
        return request != null && request.executionId().equals(last.executionId()) ? request : null;
    }

    private boolean isWanted(ExecutionRequest request, StatusEvent last) {
        return !means.isCancelled().test(last.executionId())
                && request.retry().on().contains(Reason.NODE_LOST)
                && last.attempt() < request.retry().maxAttempts();
    }

    /** Whether it may run here and could ever fit. */
    private boolean isWelcome(ExecutionRequest request) {
        Grant wanted = request.resources().orElse(berth.settings().defaults());
        return berth.settings().policy().judge(request, wanted).isEmpty()
                && executor.ledger().canEverHold(wanted, request.resources().gpus());
    }

    /** Begins what the topic says is this node's now. */
    private void enter() {
        for (Heir heir : List.copyOf(heirs.values())) {
            StatusEvent said = heir.said();
            Known.Life life = known.find(said.executionId());
            if (life == null || life.sequence() < said.sequence()) {
                continue; // not said, or not heard yet
            }
            heirs.remove(said.executionId());
            boolean ours =
                    life.nodeId().equals(said.nodeId()) && life.sequence() == said.sequence();
            if (ours && !executor.roster().isLive(said.executionId())) {
                executor.adopt(relic(heir));
            }
        }
    }

    private Relic relic(Heir heir) {
        return new Relic(
                heir.request(),
                heir.said().command(),
                heir.said(),
                heir.acceptedAt(), // when it was asked for, the lost node's labels knew
                heir.acceptedAt(),
                heir.said().attempt(),
                null,
                null,
                Adoption.NO_LINES,
                berth.timers().now());
    }
}
