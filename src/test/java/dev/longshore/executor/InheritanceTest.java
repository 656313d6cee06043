package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.docker.FakeProgram;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.NodeId;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Timeouts;
import dev.longshore.kafka.EventSink;
import dev.longshore.kafka.LineSurvey;
import dev.longshore.kafka.NodeFence;
import dev.longshore.kafka.RecordingLineSink;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a lost node left is settled behind a fence, by what stands in the topics then. */
class InheritanceTest extends ExecutorFixture implements Memory, NodeFence, NodeFence.Raised {
    private static final NodeId HERE = new NodeId("here");
    private static final NodeId THERE = new NodeId("there");
    private static final LogPosition LOG = new LogPosition(RecordingLineSink.TOPIC, 0, 7);
    private static final Instant RUNNING = Instant.parse("2026-01-01T00:00:00Z");
    private static final LostNodes.Loss LOSS = new LostNodes.Loss(THERE, Duration.ofSeconds(600));

    private final Map<CommandPosition, ExecutionRequest> commands = new HashMap<>();
    private final Map<Integer, Long> committed = new HashMap<>(Map.of(0, 1000L));
    private final List<String> steps = new ArrayList<>();
    private final List<EventSink.Finale> ends = new ArrayList<>();
    private final List<StatusEvent> saidMeanwhile = new ArrayList<>();
    private final Executor executor;
    private final Inheritance inheritance;
    private boolean answerIsLost;
    private ExecutionId cancelled = id("none");

    InheritanceTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.exits(0), "speak");
        Berth berth = berth(ExecutorSettings.defaults(HERE));
        this.executor = executor(berth, Resources.NANOS_PER_CORE, 1L << 40, List.of());
        this.inheritance =
                new Inheritance(
                        berth,
                        executor,
                        known,
                        new Inheritance.Means(
                                this, this, this::readToTheEnd, id -> id.equals(cancelled)));
    }

    @Test
    void what_ran_there_is_ended_as_lost_behind_the_fence_in_one_transaction() {
        runs(request("e1", 1), 1, 4);
        runs(request("e2", 1), 2, 9);

        settle();

        assertThat(steps).containsExactly("fence there", "read", "write 2 0", "close", "read");
        EventSink.Finale end = ends.getFirst();
        assertThat(end.status().nodeId()).isEqualTo(HERE);
        assertThat(end.status().state()).isEqualTo(ExecutionState.LOST);
        assertThat(end.status().previous()).isEqualTo(ExecutionState.RUNNING);
        assertThat(end.status().reason()).isEqualTo(Reason.NODE_LOST);
        assertThat(end.status().sequence()).isEqualTo(5);
        assertThat(end.status().message()).startsWith("node there was not heard for 600 s");
        assertThat(end.result().nodeId()).isEqualTo(THERE);
        assertThat(end.result().startedAt()).isEqualTo(RUNNING);
        assertThat(end.result().log().lines()).isEqualTo(3);
        assertThat(end.result().log().complete()).isFalse();
        assertThat(end.logEnd().lines()).isEqualTo(3);
        assertThat(calls()).doesNotContain("create");
    }

    @Test
    void what_the_node_said_before_the_fence_stands() {
        runs(request("e1", 1), 1, 4);
        saidMeanwhile.add(status(request("e1", 1), ExecutionState.SUCCEEDED, 1, 5));

        settle();

        assertThat(steps).containsExactly("fence there", "read", "close", "read");
        assertThat(ends).isEmpty();
    }

    @Test
    void what_kafka_will_deliver_again_is_left_to_that_and_nobody_is_fenced_for_it() {
        committed.put(0, 1L);
        runs(request("e1", 1), 1, 4);

        settle();

        assertThat(steps).isEmpty();
        assertThat(ends).isEmpty();
    }

    @Test
    void what_may_be_tried_again_is_run_here_as_the_next_attempt() {
        runs(request("e1", 2), 1, 4);

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.attempt()).isEqualTo(2);
        assertThat(result.nodeId()).isEqualTo(HERE);
        assertThat(result.outcome().state()).isEqualTo(ExecutionState.SUCCEEDED);
        assertThat(docker.journal()).contains("create longshore-e1.2");
        assertThat(ends).isEmpty();
        assertThat(events.statuses().getFirst().sequence()).isEqualTo(6);
    }

    @Test
    void what_somebody_cancelled_meanwhile_is_not_begun_again() {
        cancelled = id("e1");
        runs(request("e1", 2), 1, 4);

        settle();

        assertThat(steps).contains("write 1 0");
    }

    @Test
    void after_the_last_attempt_it_is_lost_all_the_same() {
        runs(request("e1", 2), 2, 8);

        settle();

        assertThat(steps).contains("write 1 0");
    }

    @Test
    void what_could_never_fit_here_is_not_taken_over() {
        ExecutionRequest huge = request("e1", 2, new Resources(null, 1L << 50, null));
        runs(huge, 1, 4);

        settle();

        assertThat(steps).contains("write 1 0");
    }

    @Test
    void whether_it_was_taken_over_is_known_by_the_topic_and_not_by_the_answer() {
        answerIsLost = true;
        runs(request("e1", 2), 1, 4);

        assertThatThrownBy(this::settle).hasMessageContaining("the answer was lost");

        assertThat(call(() -> executor.await(id("e1")).result()).attempt()).isEqualTo(2);
    }

    @Test
    void what_another_node_says_of_what_was_taken_over_is_no_news() {
        StatusEvent accepted =
                status(request("e1", 2), ExecutionState.RUNNING, 1, 4)
                        .takenOverBy(HERE, "taken over", Instant.now());
        known.learn(status(request("e1", 2), ExecutionState.RUNNING, 1, 4));
        known.learn(accepted);

        known.learn(status(request("e1", 2), ExecutionState.STOPPING, 1, 6));

        assertThat(known.find(id("e1"))).isEqualTo(Known.Life.of(accepted));
    }

    private void settle() {
        call(() -> inheritance.settle(LOSS));
    }

    private Future<Void> readToTheEnd() {
        steps.add("read");
        saidMeanwhile.forEach(known::learn);
        saidMeanwhile.clear();
        return Future.succeededFuture();
    }

    private void runs(ExecutionRequest request, int attempt, long sequence) {
        StatusEvent event = status(request, ExecutionState.RUNNING, attempt, sequence);
        commands.put(event.command(), request);
        known.learn(event);
    }

    private static StatusEvent status(
            ExecutionRequest request, ExecutionState state, int attempt, long sequence) {
        return new StatusEvent(
                request.executionId(),
                request.jobId(),
                THERE,
                attempt,
                sequence,
                state,
                null,
                null,
                null,
                RUNNING,
                "c1",
                new ImageIdentity("busybox", "sha256:1"),
                new Grant(1, 1, 1),
                null,
                List.of(),
                LOG,
                request.specHash(),
                new CommandPosition(
                        "longshore.jobs",
                        0,
                        Long.parseLong(request.executionId().value().substring(1))));
    }

    private static ExecutionRequest request(String id, int attempts) {
        return request(id, attempts, Resources.DEFAULTS);
    }

    private static ExecutionRequest request(String id, int attempts, Resources resources) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", "speak"),
                resources,
                Timeouts.DEFAULTS,
                JobFiles.NONE,
                new Retry(attempts, Set.of(Reason.NODE_LOST), Duration.ofMillis(1)),
                "hash",
                null);
    }

    @Override
    public Future<NodeFence.Raised> raise(NodeId lost) {
        steps.add("fence " + lost);
        return Future.succeededFuture(this);
    }

    @Override
    public Future<Void> write(List<EventSink.Finale> finales, List<Handover> handovers) {
        steps.add("write " + finales.size() + " " + handovers.size());
        ends.addAll(finales);
        ends.forEach(end -> known.learn(end.status()));
        handovers.forEach(each -> saidMeanwhile.add(each.status()));
        return answerIsLost ? Future.failedFuture("the answer was lost") : Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
        steps.add("close");
        return Future.succeededFuture();
    }

    @Override
    public Future<Map<CommandPosition, ExecutionRequest>> starts(
            Collection<CommandPosition> places) {
        Map<CommandPosition, ExecutionRequest> found = new HashMap<>(commands);
        found.keySet().retainAll(places);
        return Future.succeededFuture(found);
    }

    @Override
    public Future<Map<Integer, Long>> committed() {
        return Future.succeededFuture(committed);
    }

    @Override
    public Future<Map<ExecutionId, LineSurvey.Found>> lines(List<LineSurvey.Ask> logs) {
        Map<ExecutionId, LineSurvey.Found> found = new HashMap<>();
        logs.forEach(ask -> found.put(ask.executionId(), new LineSurvey.Found(3, 10, 12)));
        return Future.succeededFuture(found);
    }
}
