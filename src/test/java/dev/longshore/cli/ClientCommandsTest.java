package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The clients against a node that says what the contract says. */
class ClientCommandsTest {
    private static final String ACCEPTED = "{\"executionId\":\"job-1\",\"jobId\":\"job-1\"}";
    private static final String HELLO =
            "{\"type\":\"hello\",\"executionId\":\"job-1\",\"attempt\":1}\n";

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

    private static String line(int seq, String stream, String text) {
        return "{\"type\":\"log\",\"seq\":"
                + seq
                + ",\"stream\":\""
                + stream
                + "\",\"text\":\""
                + text
                + "\"}\n";
    }

    private static String result(String state, String reason, int exitCode) {
        return "{\"state\":\""
                + state
                + "\",\"reason\":\""
                + reason
                + "\",\"exitCode\":"
                + exitCode
                + "}";
    }

    private static String end(String state, int exitCode) {
        return "{\"type\":\"end\",\"state\":\"" + state + "\",\"exitCode\":" + exitCode + "}";
    }

    @Test
    void run_shows_each_stream_and_exits_as_the_job_does() {
        node.answers("POST executions", 202, ACCEPTED)
                .answers(
                        "GET executions/job-1/result?wait=10s",
                        200,
                        result("failed", "non_zero_exit", 3))
                .logs(
                        (number, socket) -> {
                            socket.writeTextMessage(
                                    HELLO + line(0, "stdout", "one") + line(1, "stderr", "two"));
                            socket.writeTextMessage(
                                    line(2, "stdout", "\\u001b[2Jthree") + end("failed", 3));
                        });
        Typed typed =
                type(
                        "run",
                        "-e",
                        "A=b=c",
                        "--cpu",
                        "0.5",
                        "-m",
                        "64MiB",
                        "--timeout",
                        "10s",
                        "busybox",
                        "sh",
                        "-c",
                        "-x");
        assertThat(typed.exitCode()).isEqualTo(3);
        assertThat(typed.out())
                .as("a pipe gets the bytes unchanged")
                .isEqualTo("one\n\u001b[2Jthree\n");
        assertThat(typed.err())
                .isEqualTo("two\nlongshore: job-1 failed: non_zero_exit, exit code 3\n");
        assertThat(node.requests().getFirst())
                .isEqualTo(
                        "POST /api/v1/executions"
                            + " {\"image\":\"busybox\",\"command\":[\"sh\",\"-c\",\"-x\"],"
                            + "\"environment\":{\"A\":\"b=c\"},\"resources\":{\"cpu\":0.5,\"memory\":\"64MiB\"},"
                            + "\"timeouts\":{\"run\":\"10s\"}}");
        assertThat(node.requests().get(1))
                .isEqualTo("WS /api/v1/executions/job-1/logs?follow=true&tail=all");
    }

    @Test
    void a_broken_connection_is_made_again_behind_the_last_line() {
        node.answers("POST executions", 202, ACCEPTED)
                .answers(
                        "GET executions/job-1/result?wait=10s",
                        200,
                        result("succeeded", "completed", 0))
                .logs(
                        (number, socket) -> {
                            if (number == 1) {
                                socket.writeTextMessage(
                                                HELLO
                                                        + line(0, "stdout", "one")
                                                        + line(1, "stdout", "two"))
                                        .onComplete(sent -> socket.close((short) 1012, "restart"));
                            } else {
                                socket.writeTextMessage(
                                        HELLO + line(2, "stdout", "three") + end("succeeded", 0));
                            }
                        });
        Typed typed = type("run", "busybox", "echo");
        assertThat(typed.out()).isEqualTo("one\ntwo\nthree\n");
        assertThat(typed.exitCode()).isZero();
        assertThat(node.requests())
                .contains("WS /api/v1/executions/job-1/logs?follow=true&after=1-1");
    }

    @Test
    void a_message_larger_than_a_frame_and_a_gap_and_a_cut_line_are_shown() {
        String large = "x".repeat(200_000);
        node.logs(
                (number, socket) ->
                        socket.writeTextMessage(
                                HELLO
                                        + line(0, "stdout", large)
                                        + "{\"type\":\"log\",\"seq\":1,\"stream\":\"stdout\",\"text\":\"cut\",\"partial\":true}\n"
                                        + line(2, "stdout", "-on")
                                        + "{\"type\":\"gap\",\"from\":3,\"to\":9,\"reason\":\"slow-consumer\"}\n"
                                        + end("succeeded", 0)));
        Typed typed = type("logs", "-f", "--tail", "5", "job-1");
        assertThat(typed.out()).isEqualTo(large + "\ncut-on\n");
        assertThat(typed.err()).isEqualTo("longshore: lines 3 to 9 are missing (slow-consumer)\n");
        assertThat(node.requests()).contains("WS /api/v1/executions/job-1/logs?follow=true&tail=5");
    }

    @Test
    void a_refused_job_is_125_and_names_the_field() {
        node.answers(
                "POST executions", 400, "{\"detail\":\"not an image\",\"code\":\"INVALID_IMAGE\"}");
        Typed typed = type("run", "B@D");
        assertThat(typed.exitCode()).isEqualTo(125);
        assertThat(typed.err()).isEqualTo("longshore: not an image (INVALID_IMAGE)\n");
    }

    @Test
    void a_detached_run_prints_the_id_alone() {
        node.answers("POST executions", 202, ACCEPTED);
        assertThat(type("run", "-d", "busybox").out()).isEqualTo("job-1\n");
        assertThat(type("run", "-d", "-o", "json", "busybox").out()).isEqualTo(ACCEPTED + "\n");
    }

    @Test
    void logs_without_follow_read_what_is_there_and_name_an_unknown_execution() {
        node.answers(
                "GET executions/job-1/logs?follow=false&tail=2&stream=stderr",
                200,
                "{\"type\":\"log\",\"seq\":4,\"time\":\"2026-01-01T00:00:00Z\",\"stream\":\"stdout\",\"text\":\"late\"}\n");
        assertThat(type("logs", "-n", "2", "--stream", "stderr", "-t", "job-1").out())
                .isEqualTo("2026-01-01T00:00:00Z late\n");
        Typed unknown = type("logs", "nobody");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("NOT_FOUND");
    }

    @Test
    void ps_shows_those_that_live_and_with_all_every_page() {
        String running =
                "{\"executionId\":\"a\",\"state\":\"running\",\"nodeId\":\"n1\",\"image\":{\"reference\":\"busybox\"},"
                    + "\"time\":\""
                        + Instant.now()
                        + "\",\"exitCode\":null,\"reason\":null}";
        String failed =
                "{\"executionId\":\"b\",\"state\":\"failed\",\"reason\":\"oom_killed\",\"nodeId\":\"n1\",\"exitCode\":137,"
                    + "\"acceptedAt\":\"2026-01-01T00:00:00Z\",\"startedAt\":\"2026-01-01T00:00:01Z\","
                    + "\"finishedAt\":\"2026-01-01T00:00:03.5Z\"}";
        node.answers(
                        "GET executions?limit=500",
                        200,
                        "{\"executions\":[" + running + "],\"nextCursor\":\"c2\"}")
                .answers(
                        "GET executions?limit=500&cursor=c2",
                        200,
                        "{\"executions\":[" + failed + "],\"nextCursor\":null}");
        assertThat(type("ps", "-q").out()).isEqualTo("a\n");
        List<String> all = type("ps", "--all").out().lines().toList();
        assertThat(all.get(0)).startsWith("EXECUTION  STATE");
        assertThat(all.get(1)).contains("running", "busybox", "n1", " ago");
        assertThat(all.get(2)).contains("failed (oom_killed)", "2.5s", "137");
        assertThat(type("ps", "-a", "-o", "json").out().lines()).containsExactly(running, failed);
    }

    @Test
    void submit_sends_each_command_and_goes_on_behind_a_refused_one(@TempDir Path directory)
            throws Exception {
        node.answers("POST executions", 202, ACCEPTED);
        Path file =
                Files.writeString(
                        directory.resolve("jobs"), "{\"image\":\"a\"}\n\n{\"image\":\"b\"}");
        assertThat(type("submit", file.toString()).out()).isEqualTo("job-1\njob-1\n");
        assertThat(node.requests())
                .containsExactly(
                        "POST /api/v1/executions {\"image\":\"a\"}",
                        "POST /api/v1/executions {\"image\":\"b\"}");
        node.answers("POST executions", 400, "{\"detail\":\"no\",\"code\":\"UNKNOWN_FIELD\"}");
        Typed refused = Typed.typing(node.environment(), "{\"imge\":\"a\"}", "submit", "-");
        assertThat(refused.exitCode()).isEqualTo(125);
        assertThat(refused.err()).contains("command 1 was refused: no (UNKNOWN_FIELD)");
    }

    @Test
    void submit_says_what_is_wrong_with_a_file() {
        assertThat(type("submit", "/no/such/file").err())
                .contains("there is no file /no/such/file");
        assertThat(Typed.typing(node.environment(), "", "submit", "-").err())
                .contains("holds no command");
        Typed twice =
                Typed.typing(
                        node.environment(), "{\"image\":\"a\",\"image\":\"b\"}", "submit", "-");
        assertThat(twice.exitCode()).isEqualTo(2);
        assertThat(twice.err()).contains("Duplicate field 'image'");
        assertThat(node.requests()).isEmpty();
    }

    @Test
    void cancel_waits_where_asked_and_inspect_prints_json() {
        node.answers("POST executions/job-1/cancel", 202, "{}")
                .answers(
                        "GET executions/job-1/result?wait=30s",
                        200,
                        result("cancelled", "cancelled", 143))
                .answers("GET executions/job-1", 200, "{\"executionId\":\"job-1\"}");
        assertThat(type("cancel", "--reason", "no", "job-1").out()).isEqualTo("job-1\n");
        assertThat(node.requests().getFirst()).endsWith("/job-1/cancel {\"reason\":\"no\"}");
        assertThat(type("cancel", "--wait", "job-1").out())
                .isEqualTo("job-1 cancelled, exit code 143\n");
        assertThat(type("inspect", "job-1").out())
                .isEqualTo("{\n  \"executionId\" : \"job-1\"\n}\n");
    }

    @Test
    void nodes_are_a_table_and_cleanup_asks_those_that_live() {
        node.answers(
                        "GET nodes",
                        200,
                        "{\"nodes\":[{\"nodeId\":\"n1\",\"state\":\"ready\",\"running\":1,\"waiting\":0,"
                            + "\"capacity\":{\"cpu\":2,\"memory\":4294967296},\"allocated\":{\"cpu\":0.5,\"memory\":67108864},"
                            + "\"engine\":{\"version\":\"28.2.2\"}},{\"nodeId\":\"n2\",\"state\":\"stopped\"}]}")
                .answers("POST nodes/n1/cleanup", 202, "{}");
        assertThat(type("nodes").out()).contains("n1", "ready", "0.5/2", "0.1/4.0", "28.2.2");
        assertThat(type("cleanup").out()).isEqualTo("asked n1 to clean up\n");
    }

    @Test
    void an_answer_of_something_else_is_told() {
        node.answers("GET nodes", 200, "<html>hello</html>");
        Typed typed = type("nodes");
        assertThat(typed.exitCode()).isEqualTo(1);
        assertThat(typed.err()).contains("is not Longshore");
    }

    @Test
    void dead_letters_are_listed_page_by_page_and_replayed() {
        node.answers(
                        "GET dead-letters?limit=100",
                        200,
                        "{\"deadLetters\":[{\"partition\":0,\"offset\":7,\"time\":\"2026-01-01T00:00:00Z\","
                            + "\"origin\":{\"topic\":\"longshore.jobs\"},\"code\":\"INVALID\",\"message\":\"no"
                            + " \\u001b[2Jimage\"}],\"nextCursor\":\"c\"}")
                .answers(
                        "GET dead-letters?limit=100&cursor=c",
                        200,
                        "{\"deadLetters\":[{\"partition\":0,\"offset\":6}],\"nextCursor\":null}")
                .answers("POST dead-letters/0-7/replay", 202, "{}");
        Typed list = type("dead-letters", "list");
        assertThat(list.exitCode()).isZero();
        assertThat(list.out())
                .contains("0-7", "longshore.jobs", "INVALID", "no ?[2Jimage")
                .contains("0-6");
        Typed replay = type("dead-letters", "replay", "0-7", "0-8");
        assertThat(replay.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(replay.out()).isEqualTo("0-7 replayed\n");
        assertThat(replay.err()).contains("0-8: ");
        assertThat(type("dead-letters", "replay").exitCode()).isEqualTo(ExitCodes.USAGE);
    }
}
