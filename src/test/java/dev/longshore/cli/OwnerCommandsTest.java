package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** What is asked of the owner of an execution, and waits. */
class OwnerCommandsTest {
    private static final String STATS =
            "{\"time\":\"2026-01-01T00:00:00Z\",\"cpuSeconds\":1.5,\"memoryBytes\":1572864,"
                    + "\"memoryLimitBytes\":67108864,\"pids\":3}";

    private FakeNode node;

    @BeforeEach
    void start() {
        node = new FakeNode();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private Typed type(String... words) {
        return Typed.run(node.environment(), words);
    }

    @Test
    void exec_exits_as_the_command_does_and_keeps_the_streams_apart() {
        node.answers(
                "POST executions/job-1/exec",
                200,
                "{\"exitCode\":3,\"stdout\":\"out\\n\",\"stderr\":\"err\\n\",\"truncated\":true}");
        Typed typed = type("exec", "job-1", "--", "sh", "-c", "exit 3");
        assertThat(typed.exitCode()).isEqualTo(3);
        assertThat(typed.out()).isEqualTo("out\n");
        assertThat(typed.err()).startsWith("err\n").contains("more than is shown");
        assertThat(type("exec", "job-1", "ls", "-l").exitCode()).isEqualTo(3);
        assertThat(node.requests())
                .containsExactly(
                        "POST /api/v1/executions/job-1/exec"
                                + " {\"command\":[\"sh\",\"-c\",\"exit 3\"]}",
                        "POST /api/v1/executions/job-1/exec {\"command\":[\"ls\",\"-l\"]}");
        node.answers(
                "POST executions/job-1/exec",
                403,
                "{\"detail\":\"no\",\"code\":\"NOT_PERMITTED\"}");
        Typed refused = type("exec", "job-1", "ls");
        assertThat(refused.exitCode()).isEqualTo(125);
        assertThat(refused.err()).contains("NOT_PERMITTED");
    }

    @Test
    void stats_are_a_table_or_json() {
        node.answers("GET executions/job-1/stats", 200, STATS);
        assertThat(type("stats", "--interval", "1ms", "job-1").out())
                .startsWith("EXECUTION")
                .contains("1.5s", "1.5MiB / 64.0MiB", "3");
        assertThat(type("stats", "-o", "json", "job-1").out()).isEqualTo(STATS + "\n");
    }

    @Test
    void outputs_are_saved_or_written_out(@TempDir Path directory) {
        node.answers("GET executions/job-1/outputs/thumbs", 200, "tar bytes");
        Path file = directory.resolve("a.tar");
        assertThat(type("outputs", "--file", file.toString(), "job-1", "thumbs").out())
                .contains("a.tar, 9B");
        assertThat(file).hasContent("tar bytes");
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
        assertThat(type("outputs", "-f", "-", "job-1", "thumbs").out()).isEqualTo("tar bytes");
        assertThat(type("outputs", "-f", "-", "job-1", "none").exitCode()).isEqualTo(1);
    }

    @Test
    void wait_exits_as_the_job_does_or_tells_the_state() {
        node.answers(
                        "GET executions/job-1?await=succeeded&wait=30000ms",
                        200,
                        "{\"state\":\"failed\",\"result\":{\"state\":\"failed\",\"exitCode\":4,"
                                + "\"reason\":\"non_zero_exit\"}}")
                .answers(
                        "GET executions/job-1?await=running&wait=30000ms",
                        200,
                        "{\"state\":\"running\",\"result\":null}")
                .answers(
                        "GET executions/job-1?await=paused&wait=0ms",
                        202,
                        "{\"state\":\"running\"}");
        assertThat(type("wait", "job-1").exitCode()).isEqualTo(4);
        Typed running = type("wait", "--for", "running", "job-1");
        assertThat(running.exitCode()).isZero();
        assertThat(running.out()).isEqualTo("job-1 running\n");
        assertThat(type("wait", "--for", "paused", "--timeout", "0s", "job-1").exitCode())
                .isEqualTo(1);
        assertThat(type("wait", "--timeout", "soon", "job-1").exitCode()).isEqualTo(2);
    }

    @Test
    void prefetch_extend_and_remove_say_what_they_were_told() {
        node.answers("POST nodes/n1/prefetch", 202, "{}")
                .answers("POST executions/job-1/extend", 202, "{}")
                .answers("POST executions/job-1/remove", 202, "{}");
        assertThat(type("prefetch", "--platform", "linux/arm64", "n1", "busybox").out())
                .isEqualTo("asked n1 to fetch busybox\n");
        assertThat(type("extend", "job-1", "2h").out()).isEqualTo("job-1\n");
        assertThat(type("remove", "job-1").out()).isEqualTo("job-1\n");
        assertThat(node.requests())
                .containsExactly(
                        "POST /api/v1/nodes/n1/prefetch"
                                + " {\"image\":\"busybox\",\"platform\":\"linux/arm64\"}",
                        "POST /api/v1/executions/job-1/extend {\"timeouts\":{\"run\":\"2h\"}}",
                        "POST /api/v1/executions/job-1/remove {}");
    }
}
