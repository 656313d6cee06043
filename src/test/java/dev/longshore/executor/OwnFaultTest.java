package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.docker.Docker;
import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.LogStream;
import dev.longshore.job.NodeId;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Timeouts;
import dev.longshore.kafka.EventSink;
import dev.longshore.kafka.LineSink;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Our own mistakes: what throws where an answer is heard ends its execution, and no other. */
class OwnFaultTest extends ExecutorFixture {
    private static final NodeId NODE = new NodeId("node-1");

    private final AtomicInteger faults = new AtomicInteger();
    private Predicate<StatusEvent> unspeakable = event -> false;
    private String brokenCall = "";
    private boolean linesBreak;
    private int faultsLeft = Integer.MAX_VALUE;

    OwnFaultTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep");
    }

    @Test
    void a_fault_when_it_is_accepted_ends_it_with_a_result() {
        unspeakable = event -> event.state() == ExecutionState.ACCEPTED;
        Executor executor = faulty();

        assertLost(executor, request("e1", "anything"));
        assertThat(calls()).doesNotContain("create");
    }

    @Test
    void a_fault_before_there_is_a_container_ends_it_with_a_result() {
        unspeakable = event -> event.state() == ExecutionState.STARTING;
        Executor executor = faulty();

        assertLost(executor, request("e1", "anything"));
        assertThat(calls()).doesNotContain("create");
    }

    @Test
    void a_fault_when_its_program_was_started_ends_the_program_and_removes_the_container() {
        unspeakable = event -> event.state() == ExecutionState.RUNNING;
        Executor executor = faulty();

        ExecutionResult result = assertLost(executor, request("e1", "sleep"));

        assertThat(result.log().complete()).isFalse();
        assertEndedAndRemoved();
    }

    @Test
    void a_fault_when_its_log_is_first_asked_for_ends_it() {
        brokenCall = "follow";
        Executor executor = faulty();

        assertLost(executor, request("e1", "sleep"));
        assertEndedAndRemoved();
    }

    @Test
    void a_fault_when_a_line_of_its_log_is_taken_ends_it() {
        linesBreak = true;
        Executor executor = faulty();
        call(() -> executor.start(request("e1", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));
        docker.say(
                docker.journal().stream()
                        .filter(c -> c.startsWith("follow "))
                        .findFirst()
                        .orElseThrow()
                        .substring("follow ".length()),
                LogStream.STDOUT,
                "a line");

        ExecutionResult result = call(() -> executor.await(id("e1")).result());

        assertThat(result.outcome().reason()).isEqualTo(Reason.INFRA_LOST);
        assertThat(result.log().complete()).isFalse();
        assertEndedAndRemoved();
    }

    @Test
    void a_fault_when_it_is_told_to_stop_ends_it() {
        unspeakable = event -> event.state() == ExecutionState.STOPPING;
        Executor executor = faulty();
        call(() -> executor.start(request("e1", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        start(() -> executor.cancel(id("e1"), null));
        ExecutionResult result = call(() -> executor.await(id("e1")).result());

        assertThat(result.outcome().reason()).isEqualTo(Reason.INFRA_LOST);
        assertEndedAndRemoved();
    }

    @Test
    void others_go_on_and_its_capacity_is_theirs() {
        unspeakable =
                event ->
                        event.executionId().equals(id("e1"))
                                && event.state() == ExecutionState.RUNNING;
        Executor executor = faulty();
        Future<ExecutionResult> first = start(() -> executor.run(request("e1", "sleep")));
        Future<ExecutionResult> second = start(() -> executor.run(request("e2", "anything")));

        assertThat(await(first).outcome().reason()).isEqualTo(Reason.INFRA_LOST);
        assertThat(await(second).outcome().reason()).isEqualTo(Reason.COMPLETED);
        until(() -> executor.running() == 0);
    }

    @Test
    void where_it_is_to_be_tried_again_after_that_it_is() {
        faultsLeft = 1;
        unspeakable = event -> event.state() == ExecutionState.RUNNING;
        Executor executor = faulty();
        Retry twice = new Retry(2, Set.of(Reason.INFRA_LOST), Duration.ofMillis(1));
        ExecutionRequest request = request("e1", "anything", twice);

        ExecutionResult result = call(() -> executor.run(request));

        assertThat(result.attempt()).isEqualTo(2);
        assertThat(result.outcome().reason()).isEqualTo(Reason.COMPLETED);
        assertThat(calls().stream().filter("create"::equals)).hasSize(2);
        until(() -> calls().stream().filter("remove"::equals).count() == 2);
    }

    private ExecutionResult assertLost(Executor executor, ExecutionRequest request) {
        start(() -> executor.start(request));
        until(() -> faults.get() > 0);
        ExecutionResult result = call(() -> executor.await(request.executionId()).result());

        assertThat(result.outcome().state()).isEqualTo(ExecutionState.FAILED);
        assertThat(result.outcome().reason()).isEqualTo(Reason.INFRA_LOST);
        assertThat(result.outcome().message()).contains("the node failed at it", "injected");
        assertThat(events.finales()).hasSize(1);
        until(() -> executor.running() == 0);
        assertThat(executor.roster().isLive(request.executionId())).isFalse();
        assertThatThrownBy(() -> call(() -> executor.start(request)))
                .isInstanceOf(ExecutorFailure.AlreadyFinished.class);
        return result;
    }

    private void assertEndedAndRemoved() {
        until(() -> calls().contains("remove"));
        List<String> calls = calls();
        assertThat(calls.indexOf("stop")).isBetween(0, calls.indexOf("remove"));
        assertThat(events.finales()).hasSize(1);
    }

    private static ExecutionRequest request(String id, String command) {
        return request(id, command, Retry.NONE);
    }

    private static ExecutionRequest request(String id, String command, Retry retry) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", command),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                JobFiles.NONE,
                retry,
                command,
                null);
    }

    /** An executor whose collaborators throw where the test says. */
    private Executor faulty() {
        Berth usual = berth(ExecutorSettings.defaults(NODE));
        EventSink sink =
                throwing(
                        EventSink.class,
                        events,
                        call ->
                                call.name().equals("status")
                                        && unspeakable.test((StatusEvent) call.arguments()[0]));
        LineSink shy =
                throwing(LineSink.class, lines, call -> linesBreak && call.name().equals("write"));
        Docker broken = throwing(Docker.class, docker, call -> call.name().equals(brokenCall));
        Berth berth =
                new Berth(
                        usual.settings(),
                        broken,
                        usual.watch(),
                        usual.pulls(),
                        usual.mounts(),
                        usual.secrets(),
                        usual.downloads(),
                        shy,
                        usual.results(),
                        new Voice(sink, usual.timers()));
        return executor(berth, 1_000_000_000L, 1L << 30, List.of());
    }

    private record Call(String name, Object[] arguments) {}

    private <T> T throwing(Class<T> type, T real, Predicate<Call> when) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, given) -> {
                            Object[] arguments = given == null ? new Object[0] : given;
                            if (faultsLeft > 0
                                    && when.test(new Call(method.getName(), arguments))) {
                                faultsLeft--;
                                faults.incrementAndGet();
                                throw new IllegalStateException("injected");
                            }
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException failure) {
                                throw failure.getCause();
                            }
                        }));
    }
}
