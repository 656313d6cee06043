package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobId;
import dev.longshore.job.LogStream;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Timeouts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

/** The clock of the node's host is set, forth or back, while a program runs. */
class ClockJumpTest extends ExecutorFixture {
    private final Jumping clock;
    private final Executor executor;

    ClockJumpTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep");
        this.clock = new Jumping(Timers.of(vertx));
        Berth usual = berth(ExecutorSettings.defaults(node("node-1")));
        Berth berth =
                new Berth(
                        usual.settings(),
                        usual.docker(),
                        usual.watch(),
                        usual.pulls(),
                        usual.mounts(),
                        usual.secrets(),
                        usual.downloads(),
                        usual.lines(),
                        usual.results(),
                        new Voice(events, clock));
        this.executor = executor(berth, Resources.NANOS_PER_CORE, 1L << 40, List.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {3_600, -3_600})
    void no_time_limit_is_hit_by_it_and_events_and_lines_keep_their_numbers(long seconds) {
        Future<ExecutionResult> running =
                start(() -> executor.run(request(Timeouts.ofRun(Duration.ofMinutes(10)))));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));
        docker.say("longshore-e1", LogStream.STDOUT, "before");
        until(() -> lines.lines(id("e1")).size() == 1);

        clock.jump = Duration.ofSeconds(seconds);
        // What counts the time from the program's start is asked to do so again.
        call(() -> executor.extend(id("e1"), Duration.ofMinutes(20)));
        docker.say("longshore-e1", LogStream.STDOUT, "after");
        until(() -> lines.lines(id("e1")).size() == 2);
        assertThat(running.isComplete()).isFalse();
        docker.end("longshore-e1", 0);

        ExecutionResult result = await(running);
        assertThat(result.outcome().reason()).isEqualTo(Reason.COMPLETED);
        assertThat(result.log().complete()).isTrue();
        assertThat(result.millis().run()).isBetween(0L, 600_000L);
        assertThat(events.statuses())
                .extracting(StatusEvent::sequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.statuses().size()).boxed().toList());
    }

    @Test
    void a_time_limit_is_hit_though_the_clock_was_set_back() {
        Future<ExecutionResult> running =
                start(() -> executor.run(request(Timeouts.ofRun(Duration.ofMillis(300)))));
        clock.jump = Duration.ofHours(-1);

        assertThat(await(running).outcome().reason()).isEqualTo(Reason.TIMED_OUT_RUN);
    }

    private static ExecutionRequest request(Timeouts timeouts) {
        return new ExecutionRequest(
                id("e1"),
                new JobId("job"),
                EngineSpec.of("busybox", "sleep"),
                Resources.DEFAULTS,
                timeouts,
                "hash",
                null);
    }

    /** The time of day jumps, the clock that only goes forward does not. */
    private static final class Jumping implements Timers {
        private final Timers real;
        private volatile Duration jump = Duration.ZERO;

        Jumping(Timers real) {
            this.real = real;
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            return real.after(delay, task);
        }

        @Override
        public Instant now() {
            return real.now().plus(jump);
        }

        @Override
        public long nanoTime() {
            return real.nanoTime();
        }
    }
}
