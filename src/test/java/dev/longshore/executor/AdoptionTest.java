package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.ContainerSpec;
import dev.longshore.docker.ContainerView;
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
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import dev.longshore.job.NodeId;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Timeouts;
import dev.longshore.kafka.LineSurvey;
import dev.longshore.kafka.RecordingLineSink;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a killed node left is taken on again, and nothing is started twice. */
class AdoptionTest extends ExecutorFixture implements Memory {
    private static final NodeId HERE = new NodeId("here");
    private static final CommandPosition COMMAND = new CommandPosition("longshore.jobs", 0, 7);
    private static final LogPosition LOG = new LogPosition(RecordingLineSink.TOPIC, 0, 0);
    private static final Instant ACCEPTED = Instant.parse("2026-01-01T00:00:00Z");

    private final Map<CommandPosition, ExecutionRequest> commands = new HashMap<>();
    private final Map<Integer, Long> committed = new HashMap<>();
    private final Map<ExecutionId, LineSurvey.Found> published = new HashMap<>();
    private final Executor executor;
    private final Adoption adoption;

    AdoptionTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep")
                .program(FakeProgram.exits(3).out("one").out("two").out("three"), "speak");
        Berth berth = berth(ExecutorSettings.defaults(HERE));
        this.executor = executor(berth, Resources.NANOS_PER_CORE, 1L << 40, List.of());
        this.adoption = new Adoption(berth, executor, known, this);
    }

    @Test
    void a_program_that_runs_goes_on_in_the_same_container_and_is_reported_at_its_end() {
        ExecutionRequest request = request("e1", "sleep");
        String container = container(request, 1, true);
        known.learn(status(request, ExecutionState.RUNNING, 3, 1));

        settle();

        assertThat(events.statuses())
                .singleElement()
                .satisfies(
                        event -> {
                            assertThat(event.state()).isEqualTo(ExecutionState.RUNNING);
                            assertThat(event.sequence()).isEqualTo(4);
                            assertThat(event.message()).startsWith("reattached: ");
                            assertThat(event.containerId()).isEqualTo(container);
                        });
        assertThat(executor.running()).isEqualTo(1);
        docker.say("longshore-e1", LogStream.STDOUT, "still here");
        docker.end("longshore-e1", 0);
        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.outcome().state()).isEqualTo(ExecutionState.SUCCEEDED);
        assertThat(result.acceptedAt()).isEqualTo(ACCEPTED);
        assertThat(result.output().stdout()).isEqualTo("still here\n");
        assertThat(calls().stream().filter("start"::equals)).hasSize(1);
    }

    @Test
    void lines_that_the_topic_has_are_not_published_again_and_still_count() {
        ExecutionRequest request = request("e1", "speak");
        container(request, 1, true);
        known.learn(status(request, ExecutionState.RUNNING, 3, 1));
        published.put(id("e1"), new LineSurvey.Found(2, 40, 41));
        call(() -> lines.write(linesOfOthers(42)));

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(lines.lines(id("e1"))).containsExactly("three");
        assertThat(result.log().lines()).isEqualTo(3);
        assertThat(result.log().firstOffset()).isEqualTo(40);
        assertThat(result.log().complete()).isTrue();
        assertThat(result.output().stdout()).isEqualTo("one\ntwo\nthree\n");
        assertThat(result.outcome().exitCode()).isEqualTo(3);
        assertThat(events.states(id("e1"))).containsExactly(ExecutionState.FAILED);
    }

    @Test
    void a_container_that_was_never_started_is_started() {
        ExecutionRequest request = request("e1", "speak");
        container(request, 1, false);
        known.learn(status(request, ExecutionState.STARTING, 2, 1));

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.outcome().exitCode()).isEqualTo(3);
        assertThat(events.states(id("e1")))
                .containsExactly(
                        ExecutionState.STARTING, ExecutionState.RUNNING, ExecutionState.FAILED);
        assertThat(calls().stream().filter("create"::equals)).hasSize(1);
    }

    @Test
    void what_nobody_heard_of_is_known_by_its_container_alone() {
        ExecutionRequest request = request("e1", "speak");
        container(request, 1, true);

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.jobId()).isEqualTo(request.jobId());
        assertThat(result.outcome().exitCode()).isEqualTo(3);
        assertThat(events.finales().getFirst().status().sequence()).isEqualTo(2);
    }

    @Test
    void a_program_that_began_and_ended_unseen_is_told_of_so_that_its_log_can_be_found() {
        ExecutionRequest request = request("e1", "speak");
        String container = container(request, 1, true);
        known.learn(status(request, ExecutionState.STARTING, 2, 1));

        settle();

        call(() -> executor.await(id("e1")).result());
        assertThat(events.states(id("e1")))
                .containsExactly(ExecutionState.RUNNING, ExecutionState.FAILED);
        StatusEvent running = events.statuses().getFirst();
        assertThat(running.containerId()).isEqualTo(container);
        assertThat(running.log()).isEqualTo(LOG);
    }

    @Test
    void an_end_that_was_under_way_is_carried_out_with_its_reason() {
        ExecutionRequest request = request("e1", "sleep");
        container(request, 1, true);
        StatusEvent stopping = status(request, ExecutionState.STOPPING, 4, 1, Reason.TIMED_OUT_RUN);
        known.learn(stopping);

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.outcome().reason()).isEqualTo(Reason.TIMED_OUT_RUN);
    }

    @Test
    void what_has_ended_for_everybody_leaves_no_container() {
        ExecutionRequest request = request("e1", "speak");
        container(request, 1, true);
        known.learn(status(request, ExecutionState.FAILED, 4, 1, Reason.NON_ZERO_EXIT));

        settle();

        until(() -> calls().contains("remove"));
        assertThat(call(() -> docker.list(Map.of()))).isEmpty();
        assertThat(events.statuses()).isEmpty();
        assertThat(events.finales()).isEmpty();
    }

    @Test
    void what_another_node_has_taken_over_leaves_no_container_here() {
        ExecutionRequest request = request("e1", "sleep");
        container(request, 1, true);
        StatusEvent ran = status(request, ExecutionState.RUNNING, 3, 1);
        known.learn(ran);
        known.learn(ran.takenOverBy(node("there"), "taken over", Instant.now()));

        settle();

        until(() -> calls().contains("remove"));
        assertThat(call(() -> docker.list(Map.of()))).isEmpty();
        assertThat(events.statuses()).isEmpty();
        assertThat(executor.list()).isEmpty();
    }

    @Test
    void what_was_taken_over_from_a_lost_node_and_only_waited_is_begun() {
        ExecutionRequest request = request("e1", "speak");
        commands.put(COMMAND, request);
        committed.put(0, 8L);
        known.learn(status(request, ExecutionState.ACCEPTED, 5, 2, Reason.NODE_LOST));

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.attempt()).isEqualTo(2);
        assertThat(result.outcome().exitCode()).isEqualTo(3);
    }

    @Test
    void a_container_that_was_removed_meanwhile_is_no_fault_of_the_job() {
        ExecutionRequest request = request("e1", "sleep");
        commands.put(COMMAND, request);
        committed.put(0, 8L);
        known.learn(status(request, ExecutionState.RUNNING, 3, 1));
        published.put(id("e1"), new LineSurvey.Found(5, 10, 14));

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.outcome().reason()).isEqualTo(Reason.INFRA_LOST);
        assertThat(result.log().lines()).isEqualTo(5);
        assertThat(result.log().complete()).isFalse();
    }

    @Test
    void what_has_no_container_and_will_be_delivered_again_is_left_to_that() {
        ExecutionRequest request = request("e1", "sleep");
        commands.put(COMMAND, request);
        committed.put(0, 7L);
        known.learn(status(request, ExecutionState.STARTING, 2, 1));

        settle();

        assertThat(executor.list()).isEmpty();
        assertThat(executor.isNew(request)).isTrue();
        assertThat(events.statuses()).isEmpty();
    }

    @Test
    void an_attempt_that_was_still_to_come_is_made() {
        ExecutionRequest request = request("e1", "speak");
        container(request, 1, true);
        known.learn(status(request, ExecutionState.ACCEPTED, 5, 2));

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.attempt()).isEqualTo(2);
        until(() -> calls().stream().filter("remove"::equals).count() == 2);
        assertThat(docker.journal()).contains("create longshore-e1.2");
    }

    @Test
    void a_program_has_only_the_time_that_is_left() {
        ExecutionRequest request =
                new ExecutionRequest(
                        id("e1"),
                        new JobId("job"),
                        EngineSpec.of("busybox", "sleep"),
                        Resources.DEFAULTS,
                        Timeouts.ofRun(Duration.ofMillis(1)),
                        "hash",
                        null);
        container(request, 1, true);
        known.learn(status(request, ExecutionState.RUNNING, 3, 1));

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.outcome().reason()).isEqualTo(Reason.TIMED_OUT_RUN);
    }

    @Test
    void the_whole_time_goes_on_over_a_restart() {
        ExecutionRequest request = within("e1", "sleep", Duration.ofMinutes(1));
        container(request, 1, true);
        known.learn(status(request, ExecutionState.RUNNING, 3, 1));

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.outcome().reason()).isEqualTo(Reason.TIMED_OUT_TOTAL);
    }

    @Test
    void a_program_that_ended_meanwhile_is_not_told_to_have_taken_too_long() {
        ExecutionRequest request = within("e1", "speak", Duration.ofMinutes(1));
        String container = container(request, 1, true);
        call(() -> docker.awaitExit(container));
        known.learn(status(request, ExecutionState.RUNNING, 3, 1));

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.outcome().reason()).isEqualTo(Reason.NON_ZERO_EXIT);
        assertThat(calls().stream().filter("create"::equals)).hasSize(1);
    }

    private static ExecutionRequest within(String id, String command, Duration total) {
        ExecutionRequest request = request(id, command);
        return new ExecutionRequest(
                request.executionId(),
                request.jobId(),
                request.engine(),
                request.resources(),
                new Timeouts(null, null, null, total),
                JobFiles.NONE,
                new Retry(2, Set.of(Reason.NON_ZERO_EXIT), Duration.ofMillis(1)),
                "hash",
                null);
    }

    @Test
    void a_stranger_with_our_label_is_left_alone() {
        call(
                () ->
                        docker.create(
                                new ContainerSpec(
                                        "stranger",
                                        EngineSpec.of("busybox"),
                                        new Grant(0, 0, 0),
                                        Map.of(Containers.NODE, "here"))));

        settle();

        assertThat(call(() -> docker.list(Map.of())))
                .extracting(ContainerView::name)
                .containsExactly("stranger");
    }

    @Test
    void what_is_let_go_of_runs_on_and_is_not_reported() {
        ExecutionRequest request = request("e1", "sleep");
        Future<ExecutionResult> running = start(() -> executor.run(request));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        call(() -> executor.roster().detachAll());
        docker.end("longshore-e1", 0);

        assertThat(call(() -> docker.list(Map.of()))).hasSize(1);
        assertThat(running.isComplete()).isFalse();
        assertThat(events.finales()).isEmpty();
        assertThat(calls()).doesNotContain("stop", "kill", "remove");
    }

    @Test
    void what_is_let_go_of_while_its_log_waits_for_kafka_is_left_for_the_next_life() {
        lines.hold();
        ExecutionRequest request = request("e1", "speak");
        Future<ExecutionResult> running = start(() -> executor.run(request));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));
        until(() -> executor.ledger().allocated().memoryBytes() == 0);

        call(() -> executor.roster().detachAll());
        lines.release();

        assertThat(call(() -> docker.list(Map.of()))).hasSize(1);
        assertThat(running.isComplete()).isFalse();
        assertThat(events.finales()).isEmpty();
        assertThat(calls()).doesNotContain("remove");
    }

    @Test
    void a_command_of_another_spec_where_ours_stood_is_not_taken_for_ours() {
        container(request("e1", "sleep"), 1, true);
        commands.put(COMMAND, request("e1", "speak", "another"));
        known.learn(status(request("e1", "sleep"), ExecutionState.RUNNING, 3, 1));

        settle();

        docker.end("longshore-e1", 3);
        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.attempt()).isEqualTo(1);
        assertThat(events.statuses().getLast().specHash()).isEqualTo("hash");
        assertThat(calls().stream().filter("create"::equals)).hasSize(1);
    }

    @Test
    void what_waited_when_its_command_vanished_with_the_topic_is_told_of_as_lost() {
        // In the new topic nothing is committed, and another command stands there.
        commands.put(COMMAND, request("e2", "sleep"));
        known.learn(status(request("e1", "sleep"), ExecutionState.ACCEPTED, 1, 1));

        settle();

        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        assertThat(result.outcome().reason()).isEqualTo(Reason.INFRA_LOST);
        assertThat(calls()).doesNotContain("create");
    }

    private void settle() {
        call(adoption::settle);
    }

    private static List<LogRecord> linesOfOthers(int many) {
        return Collections.nCopies(
                many,
                new LogRecord.Line(
                        id("e0"), 1, 0, LogStream.STDOUT, Instant.EPOCH, new byte[1], false));
    }

    /** A container as an earlier life of the node would have left it. */
    private String container(ExecutionRequest request, int attempt, boolean started) {
        commands.put(COMMAND, request);
        committed.put(0, 8L);
        Map<String, String> labels = new HashMap<>(Containers.of(HERE, request, attempt));
        labels.putAll(Containers.ofRecovery(COMMAND, LOG, ACCEPTED, ACCEPTED));
        String id =
                call(
                        () ->
                                docker.create(
                                        new ContainerSpec(
                                                Containers.containerName(request, attempt),
                                                request.engine(),
                                                new Grant(1, 1, 1),
                                                labels)));
        if (started) {
            call(() -> docker.start(id));
        }
        return id;
    }

    private static StatusEvent status(
            ExecutionRequest request, ExecutionState state, long sequence, int attempt) {
        return status(request, state, sequence, attempt, null);
    }

    private static StatusEvent status(
            ExecutionRequest request,
            ExecutionState state,
            long sequence,
            int attempt,
            @Nullable Reason reason) {
        return new StatusEvent(
                request.executionId(),
                request.jobId(),
                HERE,
                attempt,
                sequence,
                state,
                null,
                reason,
                null,
                Instant.now(),
                null,
                new ImageIdentity("busybox", null),
                new Grant(1, 1, 1),
                null,
                List.of(),
                LOG,
                request.specHash(),
                COMMAND);
    }

    private static ExecutionRequest request(String id, String command) {
        return request(id, command, "hash");
    }

    private static ExecutionRequest request(String id, String command, String hash) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", command),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                JobFiles.NONE,
                new Retry(2, Set.of(), Duration.ofMillis(1)),
                hash,
                null);
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
        return Future.succeededFuture(published);
    }
}
