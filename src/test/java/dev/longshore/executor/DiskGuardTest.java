package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.JobId;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** One job does not fill the disk for all. */
class DiskGuardTest extends ExecutorFixture {
    private static final long MIB = 1L << 20;
    private static final DiskRules RULES =
            new DiskRules(1000 * MIB, 512 * MIB, 0, Duration.ofHours(1), List.of());

    private final AtomicLong free = new AtomicLong(10_000 * MIB);
    private final Executor executor;
    private final Gate gate = new Gate(() -> {}, () -> {});
    private final DiskGuard guard;

    DiskGuardTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep");
        Berth berth = berth(ExecutorSettings.defaults(node("node-1")).withDisk(RULES));
        this.executor = executor(berth, 8 * Resources.NANOS_PER_CORE, 1L << 40, List.of());
        this.guard =
                new DiskGuard(
                        berth, executor.roster(), gate, () -> Future.succeededFuture(free.get()));
        context.runOnContext(now -> guard.start());
    }

    @Test
    void who_writes_more_than_one_job_may_is_stopped_and_the_others_go_on() {
        Future<ExecutionResult> writer = start(() -> executor.run(request("writer")));
        Future<ExecutionResult> neighbour = start(() -> executor.run(request("neighbour")));
        docker.hasWritten(running("writer"), 600 * MIB);
        docker.hasWritten(running("neighbour"), 10 * MIB);
        free.addAndGet(-610 * MIB);

        ExecutionResult result = await(writer);

        assertThat(result.outcome().reason()).isEqualTo(Reason.DISK_LIMIT);
        assertThat(result.outcome().message()).contains("600 MiB").contains("512 MiB");
        assertThat(neighbour.isComplete()).isFalse();
        assertThat(gate.isHeld(Gate.Reason.DISK_FULL)).isFalse();
    }

    @Test
    void when_the_disk_is_nearly_full_no_commands_are_taken_and_the_biggest_writer_is_stopped() {
        Future<ExecutionResult> writer = start(() -> executor.run(request("writer")));
        Future<ExecutionResult> neighbour = start(() -> executor.run(request("neighbour")));
        docker.hasWritten(running("writer"), 300 * MIB);
        docker.hasWritten(running("neighbour"), 70 * MIB);
        free.set(900 * MIB);

        assertThat(await(writer).outcome().reason()).isEqualTo(Reason.DISK_LIMIT);
        until(() -> gate.isHeld(Gate.Reason.DISK_FULL));
        free.set(2000 * MIB);
        until(() -> !gate.isHeld(Gate.Reason.DISK_FULL));
        assertThat(neighbour.isComplete()).isFalse();
    }

    @Test
    void a_disk_that_somebody_else_fills_ends_no_job() {
        Future<ExecutionResult> job = start(() -> executor.run(request("job")));
        docker.hasWritten(running("job"), MIB);
        free.set(900 * MIB);

        until(() -> calls().contains("diskUse"));
        until(() -> gate.isHeld(Gate.Reason.DISK_FULL));
        assertThat(job.isComplete()).isFalse();
    }

    /** The container of an execution, once it runs. */
    private String running(String id) {
        until(() -> events.states(id(id)).size() >= 3);
        return "longshore-" + id;
    }

    private static ExecutionRequest request(String id) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", "sleep"),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                id,
                null);
    }
}
