package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.bus.Download;
import dev.longshore.bus.OwnRefusal;
import dev.longshore.docker.ExecResult;
import dev.longshore.docker.FakeProgram;
import dev.longshore.job.CollectedOutput;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecAnswer;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Input;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.LiveUsage;
import dev.longshore.job.Output;
import dev.longshore.job.RefusalCode;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.Timeouts;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** What only the owner of an execution has: its container while it runs, its files afterwards. */
class OwnDeskTest extends ExecutorFixture {
    private static final byte[] CONTENT = "a thumb".getBytes(StandardCharsets.UTF_8);

    OwnDeskTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep");
    }

    @Test
    void a_command_runs_in_a_running_container_and_any_exit_code_is_an_answer() {
        docker.exec(new ExecResult(1, "out", "err", false), "check");
        Executor executor = executor(ExecutorSettings.defaults(node("n")));
        OwnDesk desk = new OwnDesk(berth(allowingExec()), executor);
        call(() -> executor.start(request("e1", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        assertThat(call(() -> desk.exec(id("e1"), List.of("check"))))
                .isEqualTo(new ExecAnswer(1, "out", "err", false));
    }

    @Test
    void no_command_runs_where_the_operator_has_not_allowed_it() {
        ExecutorSettings settings = ExecutorSettings.defaults(node("n"));
        Executor executor = executor(settings);
        OwnDesk desk = new OwnDesk(berth(settings), executor);
        call(() -> executor.start(request("e1", "sleep")));

        refused(() -> call(() -> desk.exec(id("e1"), List.of("check"))), RefusalCode.NOT_PERMITTED);
        assertThat(calls()).doesNotContain("exec");
    }

    @Test
    void what_a_running_program_uses_is_told_and_of_others_why_not() {
        ExecutorSettings settings = ExecutorSettings.defaults(node("n"));
        Executor executor = executor(settings);
        OwnDesk desk = new OwnDesk(berth(settings), executor);
        call(() -> executor.start(request("e1", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        LiveUsage usage = call(() -> desk.stats(id("e1")));
        call(() -> executor.run(request("e2", "short")));

        assertThat(usage.memoryLimitBytes()).isEqualTo(settings.defaults().memoryBytes());
        assertThat(usage.cpuNanos()).isPositive();
        refused(() -> call(() -> desk.stats(id("nobody"))), RefusalCode.NOT_FOUND);
        refused(() -> call(() -> desk.stats(id("e2"))), RefusalCode.ALREADY_FINISHED);
    }

    @Test
    void files_go_in_before_the_start_and_outputs_and_logs_stay_until_they_are_removed()
            throws IOException {
        docker.program(
                FakeProgram.exits(0).out("one").err("two").writing("/out/a.jpg", CONTENT), "make");
        ExecutorSettings settings = ExecutorSettings.defaults(node("n"));
        Executor executor = executor(settings);
        OwnDesk desk = new OwnDesk(berth(settings), executor);

        ExecutionResult result = call(() -> executor.run(request("e1", "make")));

        assertThat(calls()).containsSubsequence("create", "copyIn", "start", "copyOut", "remove");
        assertThat(result.outputs())
                .singleElement()
                .satisfies(output -> assertThat(output.name()).isEqualTo("thumbs"))
                .extracting(CollectedOutput::files, CollectedOutput::bytes)
                .containsExactly(1L, (long) CONTENT.length);
        assertThat(Files.readString(directory.resolve("e1/1/stdout.log"))).isEqualTo("one\n");
        assertThat(Files.readString(directory.resolve("e1/1/stderr.log"))).isEqualTo("two\n");
        assertThat(
                        call(() -> desk.output(id("e1"), "thumbs").compose(OwnDeskTest::all))
                                .toString(StandardCharsets.ISO_8859_1))
                .contains("a.jpg")
                .contains("a thumb");

        call(() -> executor.remove(id("e1")));

        assertThat(directory.resolve("e1")).doesNotExist();
        refused(() -> call(() -> desk.output(id("e1"), "thumbs")), RefusalCode.NOT_FOUND);
    }

    @Test
    void what_lives_is_not_removed() {
        Executor executor = executor(ExecutorSettings.defaults(node("n")));
        call(() -> executor.start(request("e1", "sleep")));

        assertThatThrownBy(() -> call(() -> executor.remove(id("e1"))))
                .isInstanceOf(ExecutorFailure.AlreadyStarted.class);
        assertThat(calls()).doesNotContain("remove");
    }

    private static Future<Buffer> all(Download download) {
        Buffer bytes = Buffer.buffer();
        Promise<Buffer> end = Promise.promise();
        download.bytes()
                .exceptionHandler(end::tryFail)
                .endHandler(over -> end.tryComplete(bytes))
                .handler(bytes::appendBuffer)
                .resume();
        return end.future().onComplete(over -> download.close());
    }

    private static void refused(ThrowingCallable question, RefusalCode code) {
        assertThatThrownBy(question)
                .isInstanceOfSatisfying(
                        OwnRefusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    private Executor executor(ExecutorSettings settings) {
        return executor(berth(settings), 8 * Resources.NANOS_PER_CORE, 1L << 40, List.of());
    }

    private static ExecutorSettings allowingExec() {
        ExecutorSettings base = ExecutorSettings.defaults(node("n"));
        Policy policy = base.policy();
        return new ExecutorSettings(
                base.nodeId(),
                base.version(),
                base.url(),
                base.logTopic(),
                base.labels(),
                base.defaults(),
                base.maxRunning(),
                base.maxWaiting(),
                base.cpuOvercommit(),
                base.queueTimeout(),
                base.pullTimeout(),
                base.runTimeout(),
                base.stopGrace(),
                base.logDrain(),
                base.maxLogBytes(),
                base.pulls(),
                new Policy(
                        policy.images(),
                        policy.digestOnly(),
                        policy.networks(),
                        policy.capabilities(),
                        policy.portAddresses(),
                        policy.most(),
                        policy.longestRun(),
                        policy.mounts(),
                        policy.downloads(),
                        policy.privileges(),
                        policy.secrets(),
                        true),
                base.disk(),
                base.results(),
                base.secrets(),
                base.inputs(),
                base.drain(),
                base.drainTimeout(),
                base.reconcile());
    }

    private static ExecutionRequest request(String id, String command) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", command),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                new JobFiles(
                        List.of(new Input.Inline("/etc/thumbs.conf", CONTENT, 0644)),
                        List.of(new Output("thumbs", "/out")),
                        List.of()),
                Retry.NONE,
                command,
                null);
    }
}
