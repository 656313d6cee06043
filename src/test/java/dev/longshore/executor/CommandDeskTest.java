package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.ContainerView;
import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.JobCommand;
import dev.longshore.job.JobId;
import dev.longshore.job.Networking;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;
import dev.longshore.job.Resources;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Timeouts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** When a command leaves custody: never before a container or a result stands for it. */
class CommandDeskTest extends ExecutorFixture {
    private static final NodeId HERE = new NodeId("here");
    private static final NodeId ITSELF = new NodeId("node-1");
    private static final NodeId THERE = new NodeId("there");
    private static final long CORE = Resources.NANOS_PER_CORE;

    private final Berth berth;
    private final Executor executor;
    private final CommandDesk desk;

    CommandDeskTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep");
        this.berth = berth(ExecutorSettings.defaults(HERE));
        this.executor = executor(berth, CORE, 1L << 40, List.of());
        this.desk = new CommandDesk(executor, known, new Gate(() -> {}, () -> {}), berth);
    }

    @Test
    void a_start_is_let_go_of_when_its_container_exists() {
        FakeDelivery start = take("e1");

        until(() -> start.done);
        assertThat(call(() -> docker.list(Map.of()))).hasSize(1);
    }

    @Test
    void the_same_start_again_stays_in_custody_as_long_as_the_first_only_waits() {
        FakeDelivery running = take("running");
        until(() -> running.done);
        FakeDelivery first = take("waiting");
        FakeDelivery again = take("waiting");
        until(() -> events.states(id("waiting")).contains(ExecutionState.ACCEPTED));
        assertThat(first.done).isFalse();
        assertThat(again.done).isFalse();

        call(() -> executor.cancel(id("running"), null));

        until(() -> first.done && again.done);
        assertThat(call(() -> docker.list(Map.of())))
                .extracting(ContainerView::name)
                .contains("longshore-waiting");
    }

    @Test
    void what_another_node_only_accepted_stays_in_custody_until_it_runs_there() {
        call(() -> learn(alive(THERE, Instant.now())));
        call(() -> learn(status("e1", ExecutionState.ACCEPTED, 1)));

        FakeDelivery start = take("e1");
        call(() -> learn(status("e1", ExecutionState.STARTING, 2)));
        assertThat(start.done).isFalse();
        call(() -> learn(status("e1", ExecutionState.RUNNING, 3)));

        until(() -> start.done);
        assertThat(docker.journal()).noneMatch(call -> call.startsWith("create"));
    }

    @Test
    void what_a_node_accepted_that_has_fallen_silent_is_run_here() {
        call(() -> learn(alive(ITSELF, Instant.now())));
        call(() -> learn(alive(THERE, Instant.now())));
        call(() -> learn(status("e1", ExecutionState.ACCEPTED, 1)));

        FakeDelivery start = take("e1");
        assertThat(start.done).isFalse();
        skippedNanos.addAndGet(Duration.ofSeconds(28).toNanos());
        call(() -> learn(alive(ITSELF, Instant.now())));

        skippedNanos.addAndGet(Duration.ofSeconds(3).toNanos());
        until(() -> start.done);
        assertThat(events.states(id("e1"))).contains(ExecutionState.RUNNING);
    }

    @Test
    void what_runs_on_a_node_that_has_fallen_silent_is_not_run_here_too() {
        call(() -> learn(alive(THERE, Instant.now().minusSeconds(3600))));
        call(() -> learn(status("e1", ExecutionState.RUNNING, 3)));

        FakeDelivery start = take("e1");

        until(() -> start.done);
        assertThat(docker.journal()).noneMatch(call -> call.startsWith("create"));
        assertThat(events.statuses()).isEmpty();
    }

    @Test
    void what_is_not_permitted_is_refused_by_field_and_told_as_rejected() {
        EngineSpec spec = EngineSpec.of("busybox", "sleep");
        ExecutionRequest request =
                request(
                        "e1",
                        spec.with(
                                spec.isolation(),
                                new Networking("other", List.of(), List.of(), List.of())));
        FakeDelivery start = new FakeDelivery(new JobCommand.Start(request));
        run(() -> desk.take(start));

        until(() -> start.done);
        Refusal refusal = Objects.requireNonNull(start.refusal, "not refused");
        assertThat(refusal.code()).isEqualTo(RefusalCode.NOT_PERMITTED);
        assertThat(refusal.field()).isEqualTo("/network");
        assertThat(refusal.message()).isEqualTo("/network: the network other is not allowed here");
        assertThat(events.states(id("e1"))).containsExactly(ExecutionState.REJECTED);
    }

    @Test
    void stopping_the_node_ends_what_runs_and_leaves_what_waits_in_custody() {
        FakeDelivery running = take("running");
        until(() -> running.done);
        FakeDelivery waiting = take("waiting");
        until(() -> events.states(id("waiting")).contains(ExecutionState.ACCEPTED));

        call(() -> executor.roster().endAll(Duration.ofMillis(50)));

        assertThat(events.states(id("running"))).contains(ExecutionState.CANCELLED);
        assertThat(events.finales()).hasSize(1);
        assertThat(waiting.refusal).isNull();
    }

    @Test
    void an_image_is_fetched_ahead_by_the_node_that_is_named_and_once() {
        docker.registryHas("registry.example/big:1");

        run(() -> desk.take(new FakeDelivery(prefetch(THERE))));
        run(() -> desk.take(new FakeDelivery(prefetch(HERE))));
        until(() -> docker.journal().contains("pull registry.example/big:1"));
        run(() -> desk.take(new FakeDelivery(prefetch(HERE))));

        assertThat(docker.journal()).filteredOn(call -> call.startsWith("pull")).hasSize(1);
    }

    private static JobCommand prefetch(NodeId node) {
        return new JobCommand.Prefetch(node, "registry.example/big:1", null, null);
    }

    private FakeDelivery take(String id) {
        EngineSpec spec = EngineSpec.of("busybox", "sleep");
        FakeDelivery delivery = new FakeDelivery(new JobCommand.Start(request(id, spec)));
        run(() -> desk.take(delivery));
        return delivery;
    }

    private Future<Void> learn(StatusEvent event) {
        known.learn(event);
        desk.learned(event);
        return Future.succeededFuture();
    }

    private Future<Void> learn(NodeStatus status) {
        known.learn(status);
        return Future.succeededFuture();
    }

    private static NodeStatus alive(NodeId node, Instant heartbeat) {
        Grant grant = new Grant(0, 0, 0);
        return new NodeStatus(
                node,
                "test",
                null,
                NodeStatus.State.READY,
                null,
                grant,
                grant,
                0,
                0,
                Map.of(),
                heartbeat);
    }

    private static StatusEvent status(String id, ExecutionState state, long sequence) {
        return new StatusEvent(
                id(id),
                new JobId("job"),
                THERE,
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
                id);
    }

    private static ExecutionRequest request(String id, EngineSpec spec) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                spec,
                new Resources(CORE, null, null),
                Timeouts.DEFAULTS,
                id,
                null);
    }

    private void run(Runnable action) {
        call(
                () -> {
                    action.run();
                    return Future.<Void>succeededFuture();
                });
    }
}
