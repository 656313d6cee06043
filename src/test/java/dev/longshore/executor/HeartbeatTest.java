package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.EngineInfo;
import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.Gpu;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.JobCommand;
import dev.longshore.job.JobId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What a node says about itself, and when it takes no commands. */
class HeartbeatTest extends ExecutorFixture {
    private static final Gpu GPU =
            new Gpu(GpuVendor.NVIDIA, "GPU-1", "NVIDIA H200", 141L << 30, null, null, true);

    private static final EngineInfo ENGINE =
            new EngineInfo("fake", "0.0", "1.41", 8, 16L << 30, "2");

    private final Gate gate = new Gate(() -> {}, () -> {});
    private final Berth berth;
    private final Executor executor;

    HeartbeatTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep");
        this.berth = berth(ExecutorSettings.defaults(node("here")));
        this.executor = executor(berth, 8 * Resources.NANOS_PER_CORE, 1L << 40, List.of(GPU));
    }

    @Test
    void tells_what_the_node_has_what_of_it_is_promised_and_which_engine_it_is() {
        call(
                () ->
                        executor.start(
                                new ExecutionRequest(
                                        id("e1"),
                                        new JobId("job"),
                                        EngineSpec.of("busybox", "sleep"),
                                        Resources.DEFAULTS,
                                        Timeouts.DEFAULTS,
                                        "hash",
                                        null)));

        NodeStatus said = beat();

        assertThat(said.state()).isEqualTo(NodeStatus.State.READY);
        assertThat(said.capacity().gpus()).containsExactly(GPU);
        assertThat(said.capacity().memoryBytes()).isEqualTo(1L << 40);
        assertThat(said.allocated().memoryBytes())
                .isEqualTo(berth.settings().defaults().memoryBytes());
        assertThat(said.running()).isEqualTo(1);
        assertThat(said.engine()).isEqualTo(new NodeStatus.Engine("fake", "0.0", "1.41"));
    }

    @Test
    void while_the_engine_does_not_answer_the_node_is_degraded_and_takes_nothing() {
        docker.stall();

        assertThat(beat().state()).isEqualTo(NodeStatus.State.DEGRADED);
        assertThat(gate.isHeld(Gate.Reason.ENGINE_AWAY)).isTrue();

        docker.recover();

        assertThat(beat().state()).isEqualTo(NodeStatus.State.READY);
        assertThat(gate.isHeld(Gate.Reason.ENGINE_AWAY)).isFalse();
    }

    @Test
    void a_node_drains_at_its_own_name_until_it_is_told_otherwise() {
        CommandDesk desk = new CommandDesk(executor, known, gate, berth);

        take(desk, new JobCommand.Drain(node("there")));
        assertThat(gate.isHeld(Gate.Reason.DRAINING)).isFalse();
        take(desk, new JobCommand.Drain(node("here")));
        assertThat(gate.isHeld(Gate.Reason.DRAINING)).isTrue();
        assertThat(beat().state()).isEqualTo(NodeStatus.State.DRAINING);

        take(desk, new JobCommand.Undrain(node("here")));

        assertThat(gate.isHeld(Gate.Reason.DRAINING)).isFalse();
        assertThat(beat().state()).isEqualTo(NodeStatus.State.READY);
    }

    @Test
    void while_the_broker_is_away_one_word_is_on_its_way_and_the_newest_follows_it() {
        events.hold();
        Heartbeat heartbeat =
                new Heartbeat(berth, executor, new Heartbeat.Self(ENGINE, "i1"), gate);
        call(
                () -> {
                    for (int i = 0; i < 1_000; i++) {
                        heartbeat.speak();
                    }
                    gate.set(Gate.Reason.DRAINING, true);
                    heartbeat.speak();
                    return Future.succeededFuture();
                });

        context.runOnContext(now -> events.release());

        until(() -> events.nodes().size() >= 2);
        assertThat(events.nodes())
                .extracting(NodeStatus::state)
                .containsExactly(NodeStatus.State.READY, NodeStatus.State.DRAINING);
    }

    @Test
    void a_goodbye_that_the_broker_does_not_take_is_not_waited_for() {
        events.hold();
        Heartbeat heartbeat =
                new Heartbeat(berth, executor, new Heartbeat.Self(ENGINE, "i1"), gate);

        assertThat(call(() -> heartbeat.stop().map("said").otherwise("given up")))
                .isEqualTo("given up");
    }

    private void take(CommandDesk desk, JobCommand command) {
        FakeDelivery delivery = new FakeDelivery(command);
        call(
                () -> {
                    desk.take(delivery);
                    return Future.succeededFuture();
                });
        assertThat(delivery.done).isTrue();
    }

    /** What one beat says; the next one is ten seconds away. */
    private NodeStatus beat() {
        int before = events.nodes().size();
        Heartbeat heartbeat =
                new Heartbeat(berth, executor, new Heartbeat.Self(ENGINE, "i1"), gate);
        context.runOnContext(now -> heartbeat.start());
        until(() -> events.nodes().size() > before);
        NodeStatus said = events.nodes().get(before);
        call(heartbeat::stop);
        return said;
    }
}
