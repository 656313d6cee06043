package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.JobId;
import dev.longshore.job.LogRecord;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.util.List;

/** A program that prints more than it may. */
class LogLimitTest extends ExecutorFixture {
    LogLimitTest(Vertx vertx) {
        super(vertx);
    }

    @Test
    void the_program_is_stopped_and_its_log_says_that_it_was_cut() {
        docker.program(FakeProgram.untilStopped().out("more than ten bytes"), "print");
        Executor executor =
                executor(berth(atMost(10)), Resources.NANOS_PER_CORE, 1L << 40, List.of());

        ExecutionResult result = call(() -> executor.run(request("print")));

        assertThat(result.outcome().reason()).isEqualTo(Reason.LOG_LIMIT);
        assertThat(result.log().complete()).isFalse();
        assertThat(lines.lines(id("e1"))).containsExactly("more than ten bytes");
        assertThat(lines.records(id("e1")))
                .last()
                .isEqualTo(new LogRecord.Gap(id("e1"), 1, "log-limit", -1));
    }

    private static ExecutionRequest request(String program) {
        return new ExecutionRequest(
                id("e1"),
                new JobId("job"),
                EngineSpec.of("busybox", program),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                program,
                null);
    }

    private static ExecutorSettings atMost(long logBytes) {
        ExecutorSettings usual = ExecutorSettings.defaults(node("node-1"));
        return new ExecutorSettings(
                usual.nodeId(),
                usual.version(),
                usual.url(),
                usual.logTopic(),
                usual.labels(),
                usual.defaults(),
                usual.maxRunning(),
                usual.maxWaiting(),
                usual.cpuOvercommit(),
                usual.queueTimeout(),
                usual.pullTimeout(),
                usual.runTimeout(),
                usual.stopGrace(),
                usual.logDrain(),
                logBytes,
                usual.pulls(),
                usual.policy(),
                usual.disk(),
                usual.results(),
                usual.secrets(),
                usual.inputs(),
                usual.drain(),
                usual.drainTimeout(),
                usual.reconcile());
    }
}
