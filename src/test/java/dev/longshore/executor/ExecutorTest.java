package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.docker.ContainerSpec;
import dev.longshore.docker.ContainerView;
import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Gpu;
import dev.longshore.job.GpuRequest;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.Grant;
import dev.longshore.job.JobId;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStreamRequest;
import dev.longshore.job.NodeId;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Timeouts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ExecutorTest extends ExecutorFixture {
    private static final NodeId NODE = new NodeId("node-1");
    private static final long CORE = Resources.NANOS_PER_CORE;
    private static final long MIB = 1L << 20;

    private final Gpu gpu =
            new Gpu(GpuVendor.NVIDIA, "GPU-1", "NVIDIA H200", 141L << 30, null, null, true);
    private final Executor executor;

    ExecutorTest(Vertx vertx) {
        super(vertx);
        this.executor = executor(ExecutorSettings.defaults(NODE));
    }

    @Test
    void runs_a_program_to_its_end_and_says_every_step() {
        docker.program(FakeProgram.exits(0).out("hello").err("oops"), "greet");

        ExecutionResult result = call(() -> executor.run(request("e1", "greet")));

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.SUCCEEDED);
        assertThat(result.outcome().reason()).isEqualTo(Reason.COMPLETED);
        assertThat(result.output().stdout()).isEqualTo("hello\n");
        assertThat(result.output().stderr()).isEqualTo("oops\n");
        assertThat(result.log().lines()).isEqualTo(2);
        assertThat(result.log().complete()).isTrue();
        assertThat(events.states(id("e1")))
                .containsExactly(
                        ExecutionState.ACCEPTED,
                        ExecutionState.STARTING,
                        ExecutionState.RUNNING,
                        ExecutionState.SUCCEEDED);
        assertThat(events.statuses())
                .extracting(StatusEvent::sequence)
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(events.finales())
                .singleElement()
                .satisfies(finale -> assertThat(finale.logEnd().lines()).isEqualTo(2));
    }

    @Test
    void removes_the_container_only_when_the_result_is_with_kafka() {
        docker.program(FakeProgram.untilStopped(), "sleep");
        Future<ExecutionResult> running = start(() -> executor.run(request("e1", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));
        events.hold();
        docker.end("longshore-e1", 0);
        until(() -> calls().contains("inspect"));
        assertThat(running.isComplete()).isFalse();
        assertThat(calls()).doesNotContain("remove");

        events.release();
        await(running);
        until(() -> calls().contains("remove"));
    }

    @Test
    void an_exit_code_is_a_result_and_no_failure() {
        docker.program(FakeProgram.exits(3), "fail");

        ExecutionResult result = call(() -> executor.run(request("e1", "fail")));

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.FAILED);
        assertThat(result.outcome().reason()).isEqualTo(Reason.NON_ZERO_EXIT);
        assertThat(result.outcome().exitCode()).isEqualTo(3);
    }

    @Test
    void tells_want_of_memory_from_other_ends() {
        docker.program(FakeProgram.outOfMemory(), "eat").program(FakeProgram.exits(137), "exit137");

        assertThat(call(() -> executor.run(request("e1", "eat"))).outcome().reason())
                .isEqualTo(Reason.OOM_KILLED);
        assertThat(call(() -> executor.run(request("e2", "exit137"))).outcome().reason())
                .isEqualTo(Reason.NON_ZERO_EXIT);
    }

    @Test
    void the_same_id_starts_once() {
        docker.program(FakeProgram.untilStopped(), "sleep");
        call(() -> executor.start(request("e1", "sleep")));

        assertThatThrownBy(() -> call(() -> executor.start(request("e1", "sleep"))))
                .isInstanceOfSatisfying(
                        ExecutorFailure.AlreadyStarted.class,
                        same -> assertThat(same.sameSpec()).isTrue());
        assertThatThrownBy(() -> call(() -> executor.start(request("e1", "other"))))
                .isInstanceOfSatisfying(
                        ExecutorFailure.AlreadyStarted.class,
                        other -> assertThat(other.sameSpec()).isFalse());
        call(() -> executor.cancel(id("e1"), null));
        call(() -> executor.await(id("e1")).result());
        assertThatThrownBy(() -> call(() -> executor.start(request("e1", "sleep"))))
                .isInstanceOf(ExecutorFailure.AlreadyFinished.class);
        assertThat(calls().stream().filter("create"::equals)).hasSize(1);
    }

    @Test
    void what_an_earlier_life_finished_is_not_run_again() {
        ExecutionRequest request = request("e1", "anything");
        known.learn(status(request, NODE, ExecutionState.SUCCEEDED, 4));

        assertThatThrownBy(() -> call(() -> executor.start(request)))
                .isInstanceOf(ExecutorFailure.AlreadyFinished.class);
        assertThat(calls()).isEmpty();
    }

    @Test
    void what_an_earlier_life_had_only_accepted_goes_on_with_the_next_sequence_number() {
        ExecutionRequest request = request("e1", "anything");
        known.learn(status(request, NODE, ExecutionState.ACCEPTED, 1));

        call(() -> executor.run(request));

        assertThat(events.statuses())
                .extracting(StatusEvent::sequence)
                .containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void cancel_ends_a_running_program_and_says_so() {
        docker.program(FakeProgram.untilStopped(), "sleep");
        call(() -> executor.start(request("e1", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        call(() -> executor.cancel(id("e1"), "enough"));
        ExecutionResult result = call(() -> executor.await(id("e1")).result());

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.CANCELLED);
        assertThat(result.outcome().message()).isEqualTo("enough");
        assertThat(result.outcome().killed()).isTrue();
        assertThat(events.states(id("e1"))).contains(ExecutionState.STOPPING);
        assertThatThrownBy(() -> call(() -> executor.cancel(id("e1"), null)))
                .isInstanceOf(ExecutorFailure.AlreadyFinished.class);
    }

    @Test
    void a_program_that_ignores_the_stop_signal_is_killed() {
        docker.program(FakeProgram.untilStopped().ignoringTerm(), "stubborn");
        call(() -> executor.start(request("e1", "stubborn")));

        call(() -> executor.cancel(id("e1"), null));
        ExecutionResult result = call(() -> executor.await(id("e1")).result());

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.CANCELLED);
        assertThat(result.outcome().signal()).isEqualTo("SIGKILL");
    }

    @Test
    void a_program_that_runs_too_long_is_stopped() {
        docker.program(FakeProgram.untilStopped(), "sleep");
        ExecutionRequest request =
                request("e1", Resources.DEFAULTS, Duration.ofMillis(50), "sleep");

        ExecutionResult result = call(() -> executor.run(request));

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.FAILED);
        assertThat(result.outcome().reason()).isEqualTo(Reason.TIMED_OUT_RUN);
    }

    @Test
    void a_frozen_program_can_go_on_and_can_be_ended() {
        docker.program(FakeProgram.untilStopped(), "sleep");
        call(() -> executor.start(request("e1", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        call(() -> executor.pause(id("e1")));
        call(() -> executor.pause(id("e1")));
        call(() -> executor.resume(id("e1")));
        call(() -> executor.pause(id("e1")));
        call(() -> executor.cancel(id("e1"), null));
        call(() -> executor.await(id("e1")).result());

        assertThat(events.states(id("e1")))
                .containsExactly(
                        ExecutionState.ACCEPTED,
                        ExecutionState.STARTING,
                        ExecutionState.RUNNING,
                        ExecutionState.PAUSED,
                        ExecutionState.RUNNING,
                        ExecutionState.PAUSED,
                        ExecutionState.STOPPING,
                        ExecutionState.CANCELLED);
        assertThat(calls().stream().filter("unpause"::equals)).hasSize(2);
        assertThatThrownBy(() -> call(() -> executor.pause(id("e1"))))
                .isInstanceOf(ExecutorFailure.AlreadyFinished.class);
    }

    @Test
    void a_program_that_does_not_run_cannot_be_frozen_or_signalled() {
        docker.program(FakeProgram.untilStopped(), "sleep");
        call(() -> executor.start(request("big", cores(2), null, "sleep")));
        Future<String> waiting =
                start(() -> executor.start(request("e2", cores(2), null, "sleep")));
        until(() -> events.states(id("e2")).contains(ExecutionState.ACCEPTED));

        assertThatThrownBy(() -> call(() -> executor.pause(id("e2"))))
                .isInstanceOf(ExecutorFailure.NotRunning.class);
        assertThatThrownBy(() -> call(() -> executor.signal(id("e2"), "SIGHUP")))
                .isInstanceOf(ExecutorFailure.NotRunning.class);
        assertThat(waiting.isComplete()).isFalse();
    }

    @Test
    void a_program_that_was_given_more_time_runs_on() {
        docker.program(FakeProgram.lasting(Duration.ofMillis(300)), "work");
        ExecutionRequest request =
                request("e1", Resources.DEFAULTS, Duration.ofMillis(150), "work");
        call(() -> executor.start(request));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        call(() -> executor.extend(id("e1"), Duration.ofMinutes(1)));

        assertThat(call(() -> executor.await(id("e1")).result()).outcome().state())
                .isEqualTo(ExecutionState.SUCCEEDED);
    }

    @Test
    void who_waits_too_long_for_capacity_ends_without_a_container() {
        docker.program(FakeProgram.untilStopped(), "sleep");
        call(() -> executor.start(request("big", cores(2), null, "sleep")));
        Timeouts queue = new Timeouts(Duration.ofMillis(30), null, null);
        ExecutionRequest impatient =
                new ExecutionRequest(
                        id("e2"),
                        new JobId("job"),
                        EngineSpec.of("busybox", "sleep"),
                        cores(2),
                        queue,
                        "x",
                        null);

        assertThatThrownBy(() -> call(() -> executor.start(impatient)))
                .isInstanceOf(ExecutorFailure.CreationFailed.class);
        until(() -> !events.finales().isEmpty());
        assertThat(events.finales().getFirst().result().outcome().reason())
                .isEqualTo(Reason.TIMED_OUT_QUEUE);
        assertThat(call(() -> Future.succeededFuture(executor.waiting()))).isZero();
    }

    @Test
    void what_waits_for_capacity_can_be_cancelled_and_never_had_a_container() {
        docker.program(FakeProgram.untilStopped(), "sleep");
        call(() -> executor.start(request("big", cores(2), null, "sleep")));
        Future<String> waiting =
                start(() -> executor.start(request("e2", cores(2), null, "sleep")));
        until(() -> events.states(id("e2")).contains(ExecutionState.ACCEPTED));

        call(() -> executor.cancel(id("e2"), null));

        assertThatThrownBy(() -> await(waiting)).isInstanceOf(ExecutorFailure.CreationFailed.class);
        assertThat(events.states(id("e2")))
                .containsExactly(ExecutionState.ACCEPTED, ExecutionState.CANCELLED);
        assertThat(calls().stream().filter("create"::equals)).hasSize(1);
    }

    @Test
    void what_can_never_fit_is_rejected_with_what_is_missing() {
        assertThatThrownBy(() -> call(() -> executor.start(request("e1", cores(64), null, "x"))))
                .isInstanceOf(ExecutorFailure.CanNeverFit.class)
                .hasMessageContaining("64 cores (2 free)");
        until(() -> !events.finales().isEmpty());
        assertThat(events.finales().getFirst().result().outcome().state())
                .isEqualTo(ExecutionState.REJECTED);
        assertThat(events.finales().getFirst().result().outcome().reason())
                .isEqualTo(Reason.INSUFFICIENT_RESOURCES);
    }

    @Test
    void never_runs_more_than_the_node_holds_and_gives_everything_back() {
        docker.program(FakeProgram.lasting(Duration.ofMillis(5)), "work");
        List<Future<ExecutionResult>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ExecutionRequest request = request("e" + i, cores(1), null, "work");
            all.add(start(() -> executor.run(request)));
        }
        all.forEach(this::await);

        assertThat(docker.mostAlive()).isLessThanOrEqualTo(2);
        assertThat(events.finales()).hasSize(100);
        assertThat(call(() -> Future.succeededFuture(executor.running()))).isZero();
    }

    @Test
    void two_that_want_the_only_gpu_run_one_after_the_other() {
        docker.program(FakeProgram.untilStopped(), "train");
        call(() -> executor.start(request("e1", oneGpu(), null, "train")));
        Future<ExecutionResult> second =
                start(() -> executor.run(request("e2", oneGpu(), null, "infer")));
        until(() -> events.states(id("e2")).contains(ExecutionState.ACCEPTED));
        ExecutionResult without = call(() -> executor.run(request("e3", "anything")));

        assertThat(call(() -> executor.status(id("e2"))).message())
                .isEqualTo("waits for 1 nvidia GPU (0 free)");
        assertThat(call(() -> executor.status(id("e1"))).resources())
                .extracting(Grant::gpus)
                .isEqualTo(List.of(gpu));
        assertThat(without.gpus()).isEmpty();
        call(() -> executor.cancel(id("e1"), null));

        assertThat(call(() -> executor.await(id("e1")).result()).gpus()).containsExactly(gpu);
        assertThat(await(second).gpus()).containsExactly(gpu);
        assertThat(second.result().startedAt())
                .isAfterOrEqualTo(call(() -> executor.await(id("e1")).result()).finishedAt());
        assertThat(call(() -> Future.succeededFuture(executor.ledger().allocated().gpus())))
                .isEmpty();
    }

    @Test
    void what_wants_more_gpus_than_there_are_is_rejected_with_what_is_missing() {
        GpuRequest two = new GpuRequest(GpuVendor.NVIDIA, 2, List.of(), null, null);
        Resources resources = new Resources(null, null, null, two);

        assertThatThrownBy(() -> call(() -> executor.start(request("e1", resources, null, "x"))))
                .isInstanceOf(ExecutorFailure.CanNeverFit.class)
                .hasMessageContaining("2 nvidia GPUs (1 free)");
    }

    @Test
    void an_image_that_is_missing_is_pulled_once_for_all_who_want_it() {
        docker.registryHas("registry.example/tool:1");
        // In one turn: neither can find the image that the other's pull brought.
        call(
                () ->
                        Future.all(
                                executor.run(request("e1", "registry.example/tool:1", "x")),
                                executor.run(request("e2", "registry.example/tool:1", "x"))));

        assertThat(calls().stream().filter("pull"::equals)).hasSize(1);
        assertThat(events.states(id("e1"))).contains(ExecutionState.PULLING);
        assertThat(events.states(id("e2"))).contains(ExecutionState.PULLING);
    }

    @Test
    void an_image_that_nobody_has_fails_the_execution() {
        ExecutionRequest request = request("e1", "registry.example/none:1", "x");

        assertThatThrownBy(() -> call(() -> executor.start(request)))
                .isInstanceOf(ExecutorFailure.CreationFailed.class);
        until(() -> !events.finales().isEmpty());
        assertThat(events.finales().getFirst().result().outcome().reason())
                .isEqualTo(Reason.IMAGE_NOT_FOUND);
        assertThat(events.finales().getFirst().result().outcome().exitCode()).isEqualTo(-1);
    }

    @Test
    void a_program_that_cannot_be_started_leaves_no_container() {
        docker.program(FakeProgram.cannotStart(127), "missing");

        ExecutionResult result = call(() -> executor.run(request("e1", "missing")));

        assertThat(result.outcome().reason()).isEqualTo(Reason.START_FAILED);
        assertThat(result.outcome().exitCode()).isEqualTo(127);
        assertThat(calls()).contains("remove");
    }

    @Test
    void a_create_whose_answer_was_lost_makes_no_second_container() {
        docker.loseNextAnswer("create");

        ExecutionResult result = call(() -> executor.run(request("e1", "x")));

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.SUCCEEDED);
        assertThat(calls().stream().filter("start"::equals)).hasSize(1);
    }

    @Test
    void what_is_cancelled_while_the_engine_is_away_in_the_middle_of_create_ends_cancelled() {
        docker.loseNextAnswer("create");
        docker.failNext("inspect", new DockerFailure.Unreachable("away"));
        Future<ExecutionResult> result = start(() -> executor.run(request("e1", "x")));
        until(() -> calls().contains("create"));

        call(() -> executor.cancel(id("e1"), "not any more"));

        assertThat(await(result).outcome().state()).isEqualTo(ExecutionState.CANCELLED);
        assertThat(calls()).doesNotContain("start");
        until(() -> calls().contains("remove"));
    }

    @Test
    void a_start_whose_answer_was_lost_is_not_repeated() {
        docker.loseNextAnswer("start");

        ExecutionResult result = call(() -> executor.run(request("e1", "x")));

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.SUCCEEDED);
        assertThat(calls().stream().filter("start"::equals)).hasSize(1);
    }

    @Test
    void an_engine_that_is_away_for_a_while_is_waited_for() {
        docker.failNext("inspectImage", new DockerFailure.Unreachable("no answer"));

        ExecutionResult result = call(() -> executor.run(request("e1", "x")));

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.SUCCEEDED);
    }

    @Test
    void a_container_that_somebody_removes_is_no_fault_of_the_job() {
        docker.program(FakeProgram.untilStopped(), "sleep");
        String container = call(() -> executor.start(request("e1", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        call(() -> docker.remove(container));
        ExecutionResult result = call(() -> executor.await(id("e1")).result());

        assertThat(result.outcome().reason()).isEqualTo(Reason.INFRA_LOST);
        assertThat(result.log().complete()).isFalse();
    }

    @Test
    void a_stranger_under_our_name_is_left_alone() {
        leftover("longshore-e1", Map.of());

        assertThatThrownBy(() -> call(() -> executor.start(request("e1", "x"))))
                .isInstanceOf(ExecutorFailure.CreationFailed.class)
                .hasMessageContaining("longshore-e1");
        assertThat(calls()).doesNotContain("remove");
    }

    @Test
    void many_may_wait_and_one_may_give_up() {
        docker.program(FakeProgram.untilStopped(), "sleep");
        call(() -> executor.start(request("e1", "sleep")));
        Waiting patient = call(() -> Future.succeededFuture(executor.await(id("e1"))));
        Waiting another = call(() -> Future.succeededFuture(executor.await(id("e1"))));
        another.cancel();

        assertThatThrownBy(() -> await(another.result()))
                .isInstanceOf(ExecutorFailure.WaitCancelled.class);
        call(() -> executor.cancel(id("e1"), null));
        assertThat(await(patient.result()).executionId()).isEqualTo(id("e1"));
    }

    @Test
    void what_is_unknown_is_not_found() {
        assertThatThrownBy(() -> call(() -> executor.await(id("nobody")).result()))
                .isInstanceOf(ExecutorFailure.NotFound.class);
        assertThatThrownBy(() -> call(() -> executor.cancel(id("nobody"), null)))
                .isInstanceOf(ExecutorFailure.NotFound.class);
        assertThatThrownBy(() -> call(() -> executor.status(id("nobody"))))
                .isInstanceOf(ExecutorFailure.NotFound.class);
        assertThatThrownBy(
                        () ->
                                call(
                                        () ->
                                                executor.logs(
                                                        LogStreamRequest.following(id("nobody")),
                                                        batch -> {})))
                .isInstanceOf(ExecutorFailure.NotFound.class);
    }

    @Test
    void a_log_stream_gives_history_or_only_what_is_new() {
        docker.program(FakeProgram.untilStopped().out("one").out("two"), "talk");
        call(() -> executor.start(request("e1", "talk")));
        until(() -> lines.records(id("e1")).size() == 2);
        List<String> all = new ArrayList<>();
        List<String> last = new ArrayList<>();

        call(() -> executor.logs(LogStreamRequest.following(id("e1")), batch -> texts(batch, all)));
        call(
                () ->
                        executor.logs(
                                new LogStreamRequest(id("e1"), 1, true, -1, null),
                                batch -> texts(batch, last)));
        until(() -> all.size() == 2 && last.size() == 1);

        assertThat(all).containsExactly("one", "two");
        assertThat(last).containsExactly("two");
    }

    @Test
    void cleanup_takes_what_is_ours_and_leaves_what_lives() {
        docker.program(FakeProgram.untilStopped(), "sleep");
        call(() -> executor.start(request("alive", "sleep")));
        leftover("longshore-old", Containers.of(NODE, request("old", "x"), 1));
        leftover("somebody-else", Map.of());

        call(executor::cleanup);

        assertThat(call(() -> docker.list(Map.of())))
                .extracting(ContainerView::name)
                .contains("longshore-alive", "somebody-else")
                .doesNotContain("longshore-old");
    }

    private Executor executor(ExecutorSettings settings) {
        return executor(berth(settings), 2 * CORE, 4096 * MIB, List.of(gpu));
    }

    private static StatusEvent status(
            ExecutionRequest request, NodeId node, ExecutionState state, long sequence) {
        return new StatusEvent(
                request.executionId(),
                request.jobId(),
                node,
                1,
                sequence,
                state,
                null,
                null,
                null,
                Instant.now(),
                null,
                null,
                null,
                null,
                request.specHash());
    }

    private static void texts(List<? extends LogRecord> batch, List<String> into) {
        batch.forEach(
                each -> {
                    if (each instanceof LogRecord.Line line) {
                        into.add(new String(line.bytes(), StandardCharsets.UTF_8));
                    }
                });
    }

    private static Resources cores(int cores) {
        return new Resources(cores * CORE, null, null);
    }

    private static Resources oneGpu() {
        GpuRequest any = new GpuRequest(GpuVendor.NVIDIA, 1, List.of(), null, null);
        return new Resources(null, null, null, any);
    }

    private static ExecutionRequest request(String id, String command) {
        return request(id, Resources.DEFAULTS, null, command);
    }

    private static ExecutionRequest request(String id, String image, String command) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of(image, command),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                image + command,
                null);
    }

    private static ExecutionRequest request(
            String id, Resources resources, @Nullable Duration timeout, String command) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", command),
                resources,
                Timeouts.ofRun(timeout),
                command,
                null);
    }

    private void leftover(String name, Map<String, String> labels) {
        await(
                docker.create(
                        new ContainerSpec(
                                name, EngineSpec.of("busybox"), new Grant(0, 0, 0), labels)));
    }
}
