package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestJobs;
import dev.longshore.testing.TestNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

@DisplayName("A hostile job ends with the right reason, and its neighbour does not notice")
class HostileJobsIT {
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final int LINES = 200;
    private static final long MOST_LOG_BYTES = 16L << 20;

    private static TestNode node;
    private static TestJobs jobs;

    @BeforeAll
    static void start() {
        node =
                new TestNode(
                        Map.of(
                                "disk.max-job-size", "256MiB",
                                "jobs.max-log-size", MOST_LOG_BYTES + "",
                                "jobs.cpu-overcommit", "4",
                                "results.max-output-files", "1000"));
        jobs = new TestJobs(node);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void a_fork_bomb_stays_within_its_processes_and_its_time() {
        JsonNode result =
                beside(
                        "fork-bomb",
                        "\"resources\":{\"pids\":64},\"timeouts\":{\"run\":\"5s\"}",
                        "b() { b | b & }; b 2>/dev/null; while :; do sleep 1; done");

        assertThat(result.path("reason").asText()).isIn("timed_out_run", "non_zero_exit");
        assertThat(TestEngine.api().answers(CALL)).isTrue();
    }

    @Test
    void who_writes_without_end_is_stopped_and_the_disk_is_free_again() throws Exception {
        JsonNode result = beside("writer", "", "dd if=/dev/zero of=/big bs=1M count=10000");

        assertThat(result.path("reason").asText()).isEqualTo("disk_limit");
        assertThat(result.path("message").asText()).contains("more than the 256 MiB");
        assertNothingLeft("writer");
    }

    @Test
    void an_output_without_end_is_stopped_too() throws Exception {
        JsonNode result =
                beside(
                        "output-writer",
                        "\"outputs\":[{\"name\":\"big\",\"target\":\"/out\"}]",
                        "dd if=/dev/zero of=/out/big bs=1M count=10000");

        assertThat(result.path("reason").asText()).isEqualTo("disk_limit");
        assertNothingLeft("output-writer");
    }

    @Test
    void a_gigabyte_without_a_newline_is_cut_off() throws Exception {
        JsonNode result = beside("printer", "", "head -c 1000000000 /dev/zero | tr '\\0' x");

        assertThat(result.path("reason").asText()).isEqualTo("log_limit");
        assertThat(Files.size(jobs.results("printer", 1).resolve("stdout.log")))
                .isBetween(MOST_LOG_BYTES, 4 * MOST_LOG_BYTES);
        assertThat(result.path("log").path("bytes").asLong()).isLessThan(4 * MOST_LOG_BYTES);
    }

    @Test
    void of_an_output_only_its_regular_files_are_kept() throws Exception {
        JsonNode result =
                beside(
                        "links",
                        "\"outputs\":[{\"name\":\"out\",\"target\":\"/out\"}]",
                        "cd /out; mkdir sub; echo good > sub/good; ln -s /etc/shadow shadow;"
                                + " ln -s ../../../../../etc up; ln -s /out/loop loop;"
                                + " mkfifo pipe; mknod sda b 8 0 2>/dev/null;"
                                + " echo bell > \"$(printf 'a\\nb')\"");

        assertThat(result.path("state").asText()).isEqualTo("succeeded");
        JsonNode output = result.path("outputs").path(0);
        assertThat(output.path("manifest").findValuesAsText("path")).contains("sub/good");
        Path kept = jobs.results("links", 1).resolve("outputs/out");
        assertThat(Path.of(output.path("path").asText())).isEqualTo(kept.toRealPath());
        try (var all = Files.walk(kept)) {
            assertThat(all.filter(each -> !Files.isDirectory(each)))
                    .allMatch(each -> Files.isRegularFile(each) && !Files.isSymbolicLink(each))
                    .extracting(each -> each.getFileName().toString())
                    .contains("good")
                    .doesNotContain("shadow", "up", "loop", "pipe", "sda");
        }
        assertThat(kept.resolve("sub/good")).hasContent("good");
        jobs.assertManifest(output);
    }

    @Test
    void too_many_files_are_not_collected_and_the_limit_is_named() throws Exception {
        JsonNode result =
                beside(
                        "many-files",
                        "\"outputs\":[{\"name\":\"out\",\"target\":\"/out\"}]",
                        "cd /out; i=0; while [ $i -lt 100000 ]; do : > $i; i=$((i+1)); done");

        assertThat(result.path("state").asText()).isEqualTo("failed");
        assertThat(result.path("reason").asText()).isEqualTo("output_failed");
        assertThat(result.path("message").asText()).contains("1000", "results.max-output-files");
        assertThat(result.path("exitCode").asInt()).isZero();
        assertThat(jobs.results("many-files", 1).resolve("outputs")).isEmptyDirectory();
        assertNothingLeft("many-files");
    }

    @Test
    void who_ignores_the_signal_to_stop_is_killed_after_the_grace() {
        jobs.submitNeighbour("deaf", LINES);
        jobs.submit("deaf", "", "trap '' TERM; echo deaf; while :; do sleep 1; done");
        node.readEach(node.topics().logs(), line -> "deaf".equals(TestNode.text(line.value())));
        node.produce(
                node.topics().control(), "deaf", "{\"type\":\"cancel\",\"executionId\":\"deaf\"}");

        JsonNode result = node.result("deaf");
        assertThat(result.path("state").asText()).isEqualTo("cancelled");
        assertThat(result.path("reason").asText()).isEqualTo("cancelled");
        assertThat(result.path("exitCode").asInt()).isEqualTo(137);
        assertThat(result.path("killed").asBoolean()).isTrue();
        jobs.assertNeighbour("deaf", LINES);
    }

    @Test
    void a_child_that_eats_memory_is_told_of_where_its_parent_goes_on() throws Exception {
        assumeThat(TestEngine.api().get("/info", CALL).json().path("MemoryLimit").asBoolean())
                .as("this kernel has no memory controller for the engine")
                .isTrue();
        JsonNode result =
                beside(
                        "eater",
                        "\"resources\":{\"memory\":\"16MiB\"}",
                        "sh -c 'x=0123456789abcdef; while :; do x=$x$x; done'; sleep 1; echo on");

        assertThat(result.path("state").asText()).isEqualTo("succeeded");
        assertThat(result.path("message").asText()).contains("for want of memory");
        assertThat(result.path("stdout").asText()).endsWith("on\n");
    }

    @Test
    void whatever_bytes_are_printed_arrive() throws Exception {
        JsonNode result =
                beside(
                        "bytes",
                        "",
                        "printf '\\033[31mred\\033[0m\\r100%%\\r\\n\\0nul\\0\\n';"
                                + " head -c 200000 /dev/zero | tr '\\0' y;"
                                + " printf '\\n\\n\\303\\251\\n'");

        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes("\u001b[31mred\u001b[0m\r100%\r\n\0nul\0\n".getBytes(US));
        expected.writeBytes("y".repeat(200_000).getBytes(US));
        expected.writeBytes(new byte[] {'\n', '\n', (byte) 0xC3, (byte) 0xA9, '\n'});
        assertThat(Files.readAllBytes(jobs.results("bytes", 1).resolve("stdout.log")))
                .isEqualTo(expected.toByteArray());
        assertThat(jobs.printed("bytes", 1, "stdout")).isEqualTo(expected.toByteArray());
        assertThat(result.path("log").path("complete").asBoolean()).isTrue();
        assertThat(result.path("stdoutTruncated").asBoolean()).isTrue();
    }

    private static final Charset US = StandardCharsets.US_ASCII;

    /** The result of a hostile job beside a good one. */
    private static JsonNode beside(String id, String fields, String script) {
        jobs.submitNeighbour(id, LINES);
        jobs.submit(id, fields, script);
        JsonNode result = node.result(id);
        jobs.assertNeighbour(id, LINES);
        assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
        return result;
    }

    private static void assertNothingLeft(String id) throws IOException {
        node.submit(id + "-next", "{\"image\":\"busybox\",\"command\":[\"true\"]}");
        node.result(id + "-next");
        assertThat(TestEngine.api().get("/containers/json?all=1", CALL).text())
                .doesNotContain("\"/longshore-" + id + "\"");
        assertThat(TestEngine.api().get("/volumes", CALL).text()).doesNotContain("\"" + id + "\"");
    }
}
