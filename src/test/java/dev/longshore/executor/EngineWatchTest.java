package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.EngineEvent;
import dev.longshore.docker.EngineEvent.Action;
import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobId;
import dev.longshore.job.Outcome;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

/** What others did to a program is not the program's own failure. */
class EngineWatchTest extends ExecutorFixture {
    private final Executor executor;

    EngineWatchTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep");
        this.executor =
                executor(
                        berth(ExecutorSettings.defaults(node("node-1"))),
                        8 * Resources.NANOS_PER_CORE,
                        1L << 40,
                        List.of());
    }

    @Test
    void a_stop_by_hand_is_told_as_such() {
        Future<ExecutionResult> result = running("e1");

        docker.stopByHand("longshore-e1");

        Outcome outcome = await(result).outcome();
        assertThat(outcome.reason()).isEqualTo(Reason.INFRA_LOST);
        assertThat(outcome.message()).isNotBlank();
        assertThat(outcome.exitCode()).isIn(137, 143);
    }

    @Test
    void an_engine_that_stops_takes_its_programs_with_it_and_that_is_not_their_fault() {
        Future<ExecutionResult> result = running("e1");

        docker.stopEngine();
        docker.startEngine(143);

        assertThat(await(result).outcome().reason()).isEqualTo(Reason.INFRA_LOST);
    }

    @Test
    void an_engine_that_was_killed_ends_its_programs_when_it_comes_back() {
        Future<ExecutionResult> result = running("e1");

        docker.killEngine();
        docker.startEngine(137);

        assertThat(await(result).outcome().reason()).isEqualTo(Reason.INFRA_LOST);
    }

    @Test
    void a_signal_that_was_asked_for_is_no_doing_of_the_engine() {
        Future<ExecutionResult> result = running("e1");

        call(() -> executor.signal(id("e1"), "SIGTERM"));

        assertThat(await(result).outcome().reason()).isEqualTo(Reason.NON_ZERO_EXIT);
    }

    @Test
    void an_end_is_known_though_no_event_tells_of_it() {
        Future<ExecutionResult> result = running("e1");

        docker.cutEvents();
        docker.end("longshore-e1", 0);

        assertThat(await(result).outcome().reason()).isEqualTo(Reason.COMPLETED);
    }

    @Test
    void what_somebody_started_again_is_told_of_with_its_last_end() {
        Future<ExecutionResult> result = running("e1");
        String container = call(() -> docker.inspect("longshore-e1")).id();
        docker.tell(new EngineEvent.Container(container, Action.START, null, null, Instant.now()));

        docker.end("longshore-e1", 4);

        Outcome outcome = await(result).outcome();
        assertThat(outcome.reason()).isEqualTo(Reason.NON_ZERO_EXIT);
        assertThat(outcome.message()).contains("started again at the engine");
    }

    @Test
    void an_exit_code_alone_proves_nothing() {
        docker.program(FakeProgram.exits(137), "exit");

        ExecutionResult result = call(() -> executor.run(request("e1", "exit")));

        assertThat(result.outcome().reason()).isEqualTo(Reason.NON_ZERO_EXIT);
    }

    private Future<ExecutionResult> running(String id) {
        Future<ExecutionResult> result = start(() -> executor.run(request(id, "sleep")));
        until(() -> events.states(id(id)).contains(ExecutionState.RUNNING));
        return result;
    }

    private static ExecutionRequest request(String id, String command) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", command),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                id,
                null);
    }
}
