package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.ContainerSpec;
import dev.longshore.docker.FakeProgram;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.Grant;
import dev.longshore.job.JobId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.NodeId;
import dev.longshore.job.Outcome;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;
import dev.longshore.kafka.LineSurvey;
import dev.longshore.kafka.RecordingLineSink;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What ended a program while its node was not running is told by what the engine remembers. */
class EngineBeforeNodeTest extends ExecutorFixture implements Memory {
    private static final NodeId HERE = new NodeId("here");
    private static final CommandPosition COMMAND = new CommandPosition("longshore.jobs", 0, 7);
    private static final String NAME = "longshore-e1";

    private final ExecutionRequest request =
            new ExecutionRequest(
                    id("e1"),
                    new JobId("job"),
                    EngineSpec.of("busybox", "sleep"),
                    Resources.DEFAULTS,
                    Timeouts.DEFAULTS,
                    "hash",
                    null);

    EngineBeforeNodeTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep");
    }

    /** A program that an earlier life of the node has started a minute ago. */
    @BeforeEach
    void runAProgram() {
        Map<String, String> labels = new HashMap<>(Containers.of(HERE, request, 1));
        LogPosition log = new LogPosition(RecordingLineSink.TOPIC, 0, 0);
        labels.putAll(Containers.ofRecovery(COMMAND, log, Instant.now(), Instant.now()));
        call(() -> docker.create(new ContainerSpec(NAME, request.engine(), grant(), labels)));
        call(() -> docker.start(NAME));
        docker.startedBefore(NAME, Duration.ofMinutes(1));
    }

    @Test
    void an_engine_that_was_killed_and_started_again_has_ended_it() {
        docker.killEngine();
        docker.startEngine(137);

        Outcome outcome = outcome();
        assertThat(outcome.reason()).isEqualTo(Reason.INFRA_LOST);
        assertThat(outcome.exitCode()).isEqualTo(137);
        assertThat(outcome.message()).contains("engine went down");
    }

    @Test
    void so_has_an_engine_that_was_stopped_of_which_nothing_is_remembered() {
        docker.stopEngine();
        docker.startEngine(137);

        assertThat(outcome().reason()).isEqualTo(Reason.INFRA_LOST);
    }

    @Test
    void a_host_that_went_down_is_no_fault_of_the_program() {
        docker.killEngine();
        docker.startEngine(255);

        assertThat(outcome().reason()).isEqualTo(Reason.INFRA_LOST);
    }

    @Test
    void a_stop_by_hand_is_remembered_by_an_engine_that_runs_on() {
        docker.stopByHand(NAME);

        Outcome outcome = outcome();
        assertThat(outcome.reason()).isEqualTo(Reason.INFRA_LOST);
        assertThat(outcome.message()).contains("not by Longshore");
    }

    @Test
    void an_end_with_137_under_an_engine_that_runs_on_is_its_own() {
        docker.end(NAME, 137);

        assertThat(outcome().reason()).isEqualTo(Reason.NON_ZERO_EXIT);
    }

    @Test
    void an_ordinary_failure_is_its_own_though_the_engine_was_started_again() {
        docker.end(NAME, 3);
        docker.killEngine();
        docker.startEngine(137);

        Outcome outcome = outcome();
        assertThat(outcome.reason()).isEqualTo(Reason.NON_ZERO_EXIT);
        assertThat(outcome.exitCode()).isEqualTo(3);
    }

    @Test
    void so_is_success() {
        docker.end(NAME, 0);
        docker.killEngine();
        docker.startEngine(137);

        assertThat(outcome().reason()).isEqualTo(Reason.COMPLETED);
    }

    private static Grant grant() {
        return new Grant(1, 1, 1);
    }

    /** What this life of the node, which begins now, says of it. */
    private Outcome outcome() {
        Berth berth = berth(ExecutorSettings.defaults(HERE));
        Executor executor = executor(berth, Resources.NANOS_PER_CORE, 1L << 40, List.of());
        call(() -> new Adoption(berth, executor, known, this).settle());
        ExecutionResult result = call(() -> executor.await(id("e1")).result());
        return result.outcome();
    }

    @Override
    public Future<Map<CommandPosition, ExecutionRequest>> starts(
            Collection<CommandPosition> places) {
        return Future.succeededFuture(Map.of(COMMAND, request));
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
