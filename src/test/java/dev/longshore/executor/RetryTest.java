package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.ContainerView;
import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.LogRecord;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Timeouts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Another attempt is another container; one execution still has one end. */
class RetryTest extends ExecutorFixture {
    private final Executor executor;

    RetryTest(Vertx vertx) {
        super(vertx);
        this.executor =
                executor(
                        berth(ExecutorSettings.defaults(node("node-1"))),
                        Resources.NANOS_PER_CORE,
                        1L << 40,
                        List.of());
    }

    @Test
    void a_program_that_fails_is_tried_again_in_a_new_container_until_the_last_attempt() {
        docker.program(FakeProgram.exits(3).out("no"), "fail");

        ExecutionResult result = call(() -> executor.run(retried("e1", 3, "fail")));

        assertThat(result.attempt()).isEqualTo(3);
        assertThat(result.outcome().reason()).isEqualTo(Reason.NON_ZERO_EXIT);
        assertThat(created()).containsExactly("longshore-e1", "longshore-e1.2", "longshore-e1.3");
        assertThat(events.finales()).hasSize(1);
        assertThat(events.states(id("e1")))
                .containsSubsequence(
                        ExecutionState.RUNNING,
                        ExecutionState.ACCEPTED,
                        ExecutionState.RUNNING,
                        ExecutionState.ACCEPTED,
                        ExecutionState.RUNNING,
                        ExecutionState.FAILED);
        assertThat(events.statuses())
                .extracting(StatusEvent::sequence)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(lines.records())
                .filteredOn(LogRecord.Line.class::isInstance)
                .extracting(LogRecord::attempt)
                .containsExactly(1, 2, 3);
        untilRemoved(3);
    }

    @Test
    void says_why_there_is_another_attempt_and_when() {
        docker.program(FakeProgram.exits(3), "fail");

        call(() -> executor.run(retried("e1", 2, "fail")));

        assertThat(events.statuses())
                .filteredOn(event -> event.attempt() == 2)
                .first()
                .satisfies(
                        event -> {
                            assertThat(event.state()).isEqualTo(ExecutionState.ACCEPTED);
                            assertThat(event.reason()).isEqualTo(Reason.NON_ZERO_EXIT);
                            assertThat(event.message()).startsWith("attempt 1 ended: ");
                            assertThat(event.containerId()).isNull();
                        });
    }

    @Test
    void an_image_that_comes_late_is_waited_for() {
        docker.failNext("pull", new DockerFailure.PullFailed("the registry is away"))
                .registryHas("late");

        ExecutionResult result = call(() -> executor.run(retried("e1", "late", 2, "anything")));

        assertThat(result.attempt()).isEqualTo(2);
        assertThat(result.outcome().state()).isEqualTo(ExecutionState.SUCCEEDED);
    }

    @Test
    void an_attempt_that_got_no_further_than_accepted_is_followed_by_the_next() {
        docker.failNext("inspectImage", new DockerFailure.ImageNotFound("it is not here"));
        ExecutionRequest plain = retried("e1", 2, "anything");

        ExecutionResult result =
                call(
                        () ->
                                executor.run(
                                        with(
                                                plain,
                                                new EngineSpec(
                                                        "busybox",
                                                        List.of(),
                                                        List.of("anything"),
                                                        Map.of(),
                                                        null,
                                                        null,
                                                        PullPolicy.NEVER,
                                                        Map.of(),
                                                        null,
                                                        null),
                                                Reason.IMAGE_NOT_FOUND)));

        assertThat(result.attempt()).isEqualTo(2);
        assertThat(result.outcome().state()).isEqualTo(ExecutionState.SUCCEEDED);
        assertThat(events.states(id("e1")))
                .startsWith(ExecutionState.ACCEPTED, ExecutionState.ACCEPTED);
    }

    @Test
    void a_reason_that_is_not_named_ends_it_at_once() {
        docker.program(FakeProgram.outOfMemory(), "eat");

        ExecutionResult result = call(() -> executor.run(retried("e1", 5, "eat")));

        assertThat(result.attempt()).isEqualTo(1);
        assertThat(result.outcome().reason()).isEqualTo(Reason.OOM_KILLED);
    }

    @Test
    void cancel_between_two_attempts_is_the_end() {
        docker.program(FakeProgram.exits(3), "fail");
        ExecutionRequest request = retried("e1", "busybox", 9, Duration.ofHours(1), "fail");
        Future<ExecutionResult> running = start(() -> executor.run(request));
        until(() -> events.statuses().stream().anyMatch(event -> event.attempt() == 2));
        assertThat(call(() -> docker.list(Map.of())))
                .as("the container of the attempt before is the record")
                .extracting(ContainerView::name)
                .containsExactly("longshore-e1");

        call(() -> executor.cancel(id("e1"), "enough"));

        ExecutionResult result = await(running);
        assertThat(result.outcome().state()).isEqualTo(ExecutionState.CANCELLED);
        assertThat(result.attempt()).isEqualTo(2);
        untilRemoved(1);
    }

    @Test
    void what_waits_for_its_next_attempt_holds_no_capacity() {
        docker.program(FakeProgram.exits(3), "fail");
        ExecutionRequest request = retried("e1", "busybox", 9, Duration.ofHours(1), "fail");
        start(() -> executor.run(request));
        until(() -> events.statuses().stream().anyMatch(event -> event.attempt() == 2));

        assertThat(executor.running()).isZero();
        assertThat(executor.waiting()).isZero();
    }

    @Test
    void waits_longer_each_time_and_never_longer_than_ten_minutes_and_a_fifth() {
        Retry retry = new Retry(50, Set.of(), Duration.ofSeconds(5));

        assertThat(Backoff.after(1, retry, 0.5)).isEqualTo(Duration.ofSeconds(5));
        assertThat(Backoff.after(2, retry, 0.5)).isEqualTo(Duration.ofSeconds(10));
        assertThat(Backoff.after(1, retry, 0)).isEqualTo(Duration.ofSeconds(4));
        assertThat(Backoff.after(99, retry, 1)).isEqualTo(Duration.ofMinutes(12));
    }

    private void untilRemoved(int containers) {
        until(() -> calls().stream().filter("remove"::equals).count() == containers);
        assertThat(call(() -> docker.list(Map.of()))).isEmpty();
    }

    private List<String> created() {
        return docker.journal().stream()
                .filter(call -> call.startsWith("create "))
                .map(call -> call.substring("create ".length()))
                .toList();
    }

    private static ExecutionRequest with(
            ExecutionRequest plain, EngineSpec engine, Reason retriedOn) {
        return new ExecutionRequest(
                plain.executionId(),
                plain.jobId(),
                engine,
                plain.resources(),
                plain.timeouts(),
                JobFiles.NONE,
                new Retry(2, Set.of(retriedOn), Duration.ofMillis(10)),
                "hash",
                null);
    }

    private static ExecutionRequest retried(String id, int attempts, String command) {
        return retried(id, "busybox", attempts, command);
    }

    private static ExecutionRequest retried(String id, String image, int attempts, String command) {
        return retried(id, image, attempts, Duration.ofMillis(10), command);
    }

    private static ExecutionRequest retried(
            String id, String image, int attempts, Duration backoff, String command) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of(image, command),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                JobFiles.NONE,
                new Retry(
                        attempts, Set.of(Reason.NON_ZERO_EXIT, Reason.IMAGE_PULL_FAILED), backoff),
                command,
                null);
    }
}
