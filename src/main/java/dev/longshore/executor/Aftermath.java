package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.docker.Docker;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogSummary;
import dev.longshore.job.Outcome;
import dev.longshore.job.OutputTail;
import dev.longshore.job.PhaseMillis;
import dev.longshore.job.Reason;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.EventSink;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an earlier life of this node left when it was killed: executions that nobody looks after any
 * more, and their containers. Each is told to be lost, and its container removed after that; so
 * nothing runs uncounted, and nobody waits for ever. Called once, before commands are taken.
 */
final class Aftermath {
    private static final Logger log = LoggerFactory.getLogger(Aftermath.class);
    private static final String MESSAGE =
            "its node was killed while it ran; its container was ended at the node's next start";

    private final Berth berth;
    private final Known known;

    Aftermath(Berth berth, Known known) {
        this.berth = berth;
        this.known = known;
    }

    /** Completed when Kafka has every end; containers go meanwhile. */
    Future<Void> settle() {
        Docker docker = berth.docker();
        return docker.list(Containers.ofNode(berth.settings().nodeId()))
                .compose(
                        containers -> {
                            Set<String> contained = new HashSet<>();
                            containers.forEach(
                                    container ->
                                            contained.add(
                                                    container.labels().get(Containers.EXECUTION)));
                            List<Future<?>> ends = new ArrayList<>();
                            known.unfinished(berth.settings().nodeId()).stream()
                                    .filter(event -> isAbandoned(event, contained))
                                    .forEach(event -> ends.add(tell(event)));
                            return Future.join(ends).map(containers);
                        })
                .onSuccess(containers -> containers.forEach(this::removeIfEnded))
                .mapEmpty();
    }

    /** Until it has a container its command is in custody, and will be delivered again. */
    private static boolean isAbandoned(StatusEvent event, Set<String> contained) {
        boolean inCustody =
                event.state() == ExecutionState.ACCEPTED || event.state() == ExecutionState.PULLING;
        return !inCustody || contained.contains(event.executionId().value());
    }

    private Future<Void> tell(StatusEvent last) {
        log.warn("execution {} is lost: {}", last.executionId(), MESSAGE);
        Instant now = berth.timers().now();
        Outcome outcome =
                new Outcome(
                        ExecutionState.LOST,
                        Reason.NODE_LOST,
                        MESSAGE,
                        Outcome.NO_EXIT_CODE,
                        null,
                        true);
        StatusEvent end = last.next(outcome, now);
        ExecutionResult result =
                new ExecutionResult(
                        last.executionId(),
                        last.jobId(),
                        last.nodeId(),
                        last.attempt(),
                        outcome,
                        OutputTail.EMPTY,
                        log(last.log()),
                        last.image() == null ? new ImageIdentity("", null) : last.image(),
                        last.time(),
                        null,
                        now,
                        new PhaseMillis(0, 0, 0, 0));
        LogRecord.End logEnd = new LogRecord.End(last.executionId(), last.attempt(), 0, false);
        known.learn(end);
        return berth.voice().sink().finish(new EventSink.Finale(end, result, logEnd, null));
    }

    private LogSummary log(@Nullable LogPosition position) {
        String topic = position == null ? berth.settings().logTopic() : position.topic();
        int partition = position == null ? -1 : position.partition();
        return new LogSummary(topic, partition, -1, -1, 0, 0, false);
    }

    /** One whose execution is not known to have ended may be the only record of it: it stays. */
    private void removeIfEnded(ContainerView container) {
        String id = container.labels().getOrDefault(Containers.EXECUTION, "");
        Known.Life life = ExecutionId.isValid(id) ? known.find(new ExecutionId(id)) : null;
        if (life != null && life.state().isFinal()) {
            berth.docker()
                    .remove(container.id())
                    .onFailure(
                            left ->
                                    log.warn(
                                            "container {} is left over: {}",
                                            container.name(),
                                            left.getMessage()));
        } else {
            log.warn("container {} of an earlier life of this node is there", container.name());
        }
    }
}
