package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.docker.ContainerSpec;
import dev.longshore.docker.ContainerView;
import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.FakeProgram;
import dev.longshore.executor.Reconciler.Findings;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.JobId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.NodeId;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the engine has and the executor does not know of, and the other way round, is mended. */
class ReconcilerTest extends ExecutorFixture implements Memory {
    private static final NodeId HERE = new NodeId("here");
    private static final CommandPosition COMMAND = new CommandPosition("longshore.jobs", 0, 7);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Map<CommandPosition, ExecutionRequest> commands = new HashMap<>();
    private @Nullable Executor executor;

    ReconcilerTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep")
                .program(FakeProgram.exits(3).out("one"), "speak");
    }

    @Test
    void what_nobody_needs_any_more_is_removed_after_the_grace() {
        container("e1", "speak", HERE);
        known.learn(status("e1", ExecutionState.CANCELLED, HERE));
        Reconciler patient = reconciler(HOUR, ReconcileRules.Mode.REMOVE);

        assertThat(call(patient::round)).isEqualTo(new Findings(0, 0, 0, 0));
        assertThat(names()).containsExactly("longshore-e1");

        Reconciler strict = reconciler(Duration.ZERO, ReconcileRules.Mode.REMOVE);
        assertThat(call(strict::round)).isEqualTo(new Findings(1, 0, 0, 0));
        assertThat(names()).isEmpty();
        assertThat(events.finales()).isEmpty();
    }

    @Test
    void what_was_never_reported_is_taken_on_as_at_a_start() {
        container("e1", "speak", HERE);
        Reconciler reconciler = reconciler(Duration.ZERO, ReconcileRules.Mode.REMOVE);

        assertThat(call(reconciler::round)).isEqualTo(new Findings(0, 1, 0, 0));

        ExecutionResult result = call(() -> running().await(id("e1")).result());
        assertThat(result.outcome().exitCode()).isEqualTo(3);
        until(() -> calls().contains("remove"));
        assertThat(names()).isEmpty();
        assertThat(events.finales()).hasSize(1);
    }

    @Test
    void a_dry_run_touches_nothing() {
        container("e1", "speak", HERE);
        container("e2", "speak", HERE);
        known.learn(status("e1", ExecutionState.SUCCEEDED, HERE));
        Reconciler reconciler = reconciler(Duration.ZERO, ReconcileRules.Mode.DRY_RUN);

        assertThat(call(reconciler::round)).isEqualTo(new Findings(1, 1, 0, 0));

        assertThat(names()).hasSize(2);
        assertThat(calls()).doesNotContain("remove");
        assertThat(running().list()).isEmpty();
    }

    @Test
    void what_is_another_nodes_or_nobodys_is_left_alone() {
        NodeId other = new NodeId("other");
        container("e1", "speak", HERE);
        known.learn(status("e1", ExecutionState.RUNNING, other));
        container("e2", "speak", other);
        call(
                () ->
                        docker.create(
                                new ContainerSpec(
                                        "stranger",
                                        EngineSpec.of("busybox"),
                                        new Grant(0, 0, 0),
                                        Map.of(Containers.NODE, "here"))));
        Reconciler reconciler = reconciler(Duration.ZERO, ReconcileRules.Mode.REMOVE);

        assertThat(call(reconciler::round)).isEqualTo(new Findings(0, 0, 0, 2));
        assertThat(names()).hasSize(3);
    }

    @Test
    void what_runs_is_left_alone() {
        Reconciler reconciler = reconciler(Duration.ZERO, ReconcileRules.Mode.REMOVE);
        start(() -> running().run(request("e1", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        assertThat(call(reconciler::round)).isEqualTo(new Findings(0, 0, 0, 0));
        assertThat(names()).containsExactly("longshore-e1");
    }

    @Test
    void a_program_whose_container_went_unheard_is_lost() {
        Reconciler reconciler = reconciler(Duration.ZERO, ReconcileRules.Mode.REMOVE);
        Future<ExecutionResult> result = start(() -> running().run(request("e1", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));
        docker.failNext("inspect", new DockerFailure.Unreachable("unheard"));
        docker.end("longshore-e1", 0);
        until(() -> calls().contains("inspect"));
        docker.lose("longshore-e1");

        assertThat(call(reconciler::round)).isEqualTo(new Findings(0, 0, 1, 0));

        assertThat(await(result).outcome().reason()).isEqualTo(Reason.INFRA_LOST);
    }

    @Test
    void while_the_engine_does_not_answer_nothing_is_concluded() {
        Reconciler reconciler = reconciler(Duration.ZERO, ReconcileRules.Mode.REMOVE);
        start(() -> running().run(request("e1", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));
        docker.killEngine();

        assertThatThrownBy(() -> call(reconciler::round))
                .isInstanceOf(DockerFailure.Unreachable.class);
        assertThat(events.finales()).isEmpty();
    }

    private Executor running() {
        return Objects.requireNonNull(executor);
    }

    private List<String> names() {
        return call(() -> docker.list(Map.of())).stream().map(ContainerView::name).toList();
    }

    private Reconciler reconciler(Duration grace, ReconcileRules.Mode mode) {
        Berth usual =
                berth(
                        ExecutorSettings.defaults(HERE)
                                .withReconcile(new ReconcileRules(HOUR, grace, mode)));
        Berth berth =
                new Berth(
                        usual.settings(),
                        docker,
                        watch,
                        usual.pulls(),
                        usual.mounts(),
                        usual.secrets(),
                        usual.downloads(),
                        lines,
                        results,
                        new Voice(events, new WithoutASecondLook(usual.timers())));
        executor = executor(berth, 8 * Resources.NANOS_PER_CORE, 1L << 40, List.of());
        Adoption adoption = new Adoption(berth, running(), known, this);
        return new Reconciler(berth, running().roster(), known, adoption);
    }

    /** An end that was not heard is not asked for again after a second, as it would be. */
    private record WithoutASecondLook(Timers real) implements Timers {
        @Override
        public Timer after(Duration delay, Runnable task) {
            return delay.equals(Duration.ofSeconds(1)) ? () -> {} : real.after(delay, task);
        }

        @Override
        public Instant now() {
            return real.now();
        }

        @Override
        public long nanoTime() {
            return real.nanoTime();
        }
    }

    private void container(String id, String program, NodeId node) {
        ExecutionRequest request = request(id, program);
        commands.put(COMMAND, request);
        Map<String, String> labels = new HashMap<>(Containers.of(node, request, 1));
        LogPosition log = new LogPosition(RecordingLineSink.TOPIC, 0, 0);
        labels.putAll(Containers.ofRecovery(COMMAND, log, Instant.now(), Instant.now()));
        String name = Containers.containerName(request, 1);
        String made =
                call(
                        () ->
                                docker.create(
                                        new ContainerSpec(
                                                name,
                                                request.engine(),
                                                new Grant(1, 1, 1),
                                                labels)));
        call(() -> docker.start(made));
    }

    private static ExecutionRequest request(String id, String program) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", program),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                "hash",
                null);
    }

    private static StatusEvent status(String id, ExecutionState state, NodeId node) {
        ExecutionRequest request = request(id, "speak");
        return new StatusEvent(
                request.executionId(),
                request.jobId(),
                node,
                1,
                4,
                state,
                null,
                state.isFinal() ? Reason.CANCELLED : null,
                null,
                Instant.now(),
                null,
                new ImageIdentity("busybox", null),
                new Grant(1, 1, 1),
                null,
                List.of(),
                new LogPosition(RecordingLineSink.TOPIC, 0, 0),
                request.specHash(),
                COMMAND);
    }

    @Override
    public Future<Map<CommandPosition, ExecutionRequest>> starts(
            Collection<CommandPosition> places) {
        return Future.succeededFuture(commands);
    }

    @Override
    public Future<Map<Integer, Long>> committed() {
        return Future.succeededFuture(Map.of(0, 8L));
    }

    @Override
    public Future<Map<ExecutionId, LineSurvey.Found>> lines(List<LineSurvey.Ask> logs) {
        return Future.succeededFuture(Map.of());
    }
}
