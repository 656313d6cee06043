package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.Timeouts;

import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What comes too late is not begun, and what takes too long in all is ended. */
class TimeLimitsTest extends ExecutorFixture {
    private static final Duration LONG = Duration.ofHours(1);

    private final Executor executor;

    TimeLimitsTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep")
                .program(FakeProgram.exits(3).out("no"), "fail");
        this.executor =
                executor(
                        berth(ExecutorSettings.defaults(node("node-1"))),
                        Resources.NANOS_PER_CORE,
                        1L << 40,
                        List.of());
    }

    @Test
    void a_start_that_expired_in_its_topic_ends_at_once_without_a_container() {
        Instant expired = Instant.now().minusSeconds(1);

        assertThatThrownBy(() -> begin(request("e1", "sleep", times(null, null), expired), null))
                .isInstanceOf(ExecutorFailure.CreationFailed.class);

        until(() -> !events.finales().isEmpty());
        ExecutionResult result = events.finales().getFirst().result();
        assertThat(result.outcome().state()).isEqualTo(ExecutionState.FAILED);
        assertThat(result.outcome().reason()).isEqualTo(Reason.TIMED_OUT_QUEUE);
        assertThat(result.outcome().message()).contains("expired in its topic, at " + expired);
        assertThat(events.states(id("e1"))).containsExactly(ExecutionState.FAILED);
        assertThat(calls()).doesNotContain("create");
    }

    @Test
    void a_start_can_expire_while_it_waits_for_capacity() {
        call(() -> executor.start(request("big", "sleep", times(null, null), null)));

        assertThatThrownBy(
                        () -> begin(request("e1", "sleep", times(null, null), inMillis(50)), null))
                .hasMessageContaining("the command expired");
    }

    @Test
    void the_time_in_the_topic_counts_as_waiting_for_capacity() {
        Timeouts minute = times(Duration.ofMinutes(1), null);

        assertThatThrownBy(
                        () ->
                                begin(
                                        request("e1", "sleep", minute, null),
                                        Instant.now().minusSeconds(61)))
                .hasMessageContaining("timed_out_queue")
                .hasMessageContaining("waited in its topic");
        assertThat(begin(request("e2", "sleep", minute, null), Instant.now().minusSeconds(30)))
                .isNotEmpty();
    }

    @Test
    void a_program_is_stopped_when_everything_has_taken_too_long() {
        ExecutionResult result =
                call(() -> executor.run(request("e1", "sleep", times(null, millis(100)), null)));

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.FAILED);
        assertThat(result.outcome().reason()).isEqualTo(Reason.TIMED_OUT_TOTAL);
        assertThat(result.outcome().message()).isEqualTo("it took longer than PT0.1S in all");
    }

    @Test
    void the_whole_time_holds_over_all_attempts_and_the_pauses_between() {
        start(() -> executor.run(retried("e1", millis(1500), millis(5))));
        start(() -> executor.run(retried("e2", millis(1500), LONG)));

        until(() -> events.finales().size() == 2);

        assertThat(events.finales())
                .extracting(finale -> finale.result().outcome().reason())
                .allMatch(
                        reason ->
                                reason == Reason.TIMED_OUT_TOTAL || reason == Reason.NON_ZERO_EXIT);
        assertThat(finale("e2").outcome().reason()).isEqualTo(Reason.TIMED_OUT_TOTAL);
        assertThat(finale("e1").attempt()).isGreaterThan(1);
    }

    @Test
    void what_waits_for_capacity_for_too_long_in_all_ends_without_a_container() {
        call(() -> executor.start(request("big", "sleep", times(null, null), null)));

        assertThatThrownBy(() -> begin(request("e1", "sleep", times(null, millis(50)), null), null))
                .hasMessageContaining("timed_out_total");
    }

    private ExecutionResult finale(String execution) {
        return events.finales().stream()
                .map(finale -> finale.result())
                .filter(result -> result.executionId().equals(id(execution)))
                .findFirst()
                .orElseThrow();
    }

    private String begin(ExecutionRequest request, @Nullable Instant writtenAt) {
        return call(() -> executor.start(new Order(request, null, writtenAt)));
    }

    private static Instant inMillis(long millis) {
        return Instant.now().plusMillis(millis);
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private static Timeouts times(@Nullable Duration queue, @Nullable Duration total) {
        return new Timeouts(queue, null, null, total);
    }

    private static ExecutionRequest request(
            String id, String program, Timeouts times, @Nullable Instant expiresAt) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", program),
                new Resources(Resources.NANOS_PER_CORE, null, null),
                times,
                JobFiles.NONE,
                Retry.NONE,
                "hash",
                expiresAt,
                null);
    }

    private static ExecutionRequest retried(String id, Duration total, Duration backoff) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", "fail"),
                Resources.DEFAULTS,
                times(null, total),
                JobFiles.NONE,
                new Retry(100, Set.of(Reason.NON_ZERO_EXIT), backoff),
                "hash",
                null);
    }
}
