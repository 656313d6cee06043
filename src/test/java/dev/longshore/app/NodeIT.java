package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestNode;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The whole path, as its users see it: a real broker, a real engine, and nothing but plain clients.
 */
class NodeIT {
    private static TestNode node;

    @BeforeAll
    static void start() {
        node = new TestNode(Map.of());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void a_record_without_headers_runs_and_comes_back_as_status_log_and_result() {
        node.submit("hello-1", job("echo out; echo err >&2; exit 3"));

        JsonNode result = node.result("hello-1");

        assertThat(result.path("state").asText()).isEqualTo("failed");
        assertThat(result.path("reason").asText()).isEqualTo("non_zero_exit");
        assertThat(result.path("exitCode").asInt()).isEqualTo(3);
        assertThat(result.path("stdout").asText()).isEqualTo("out\n");
        assertThat(result.path("stderr").asText()).isEqualTo("err\n");
        List<JsonNode> statuses = node.statuses("hello-1");
        assertThat(statuses)
                .extracting(each -> each.path("state").asText())
                .containsExactly("accepted", "starting", "running", "failed");
        assertThat(statuses)
                .extracting(each -> each.path("sequence").asInt())
                .containsExactly(1, 2, 3, 4);
        List<ConsumerRecord<byte[], byte[]>> log = log("hello-1");
        assertThat(log)
                .extracting(each -> TestNode.header(each, "seq"))
                .containsExactly("0", "1", null);
        assertThat(log.subList(0, 2))
                .extracting(each -> TestNode.text(each.value()))
                .containsExactlyInAnyOrder("out", "err");
        assertThat(result.path("log").path("firstOffset").asLong())
                .isEqualTo(log.getFirst().offset());
        assertThat(statuses.get(2).path("log").path("offset").asLong())
                .isLessThanOrEqualTo(log.getFirst().offset());
    }

    @Test
    void two_hundred_jobs_at_once_end_with_one_result_each_and_never_more_run_than_fit() {
        List<String> ids = IntStream.range(0, 200).mapToObj(i -> "many-" + i).toList();
        ids.forEach(id -> node.submit(id, job("exit 0")));

        List<ConsumerRecord<byte[], byte[]>> results =
                node
                        .read(
                                node.topics().results(),
                                records ->
                                        records.stream().filter(each -> isOneOf(ids, each)).count()
                                                >= 200)
                        .stream()
                        .filter(each -> isOneOf(ids, each))
                        .toList();

        assertThat(results)
                .extracting(each -> TestNode.text(each.key()))
                .doesNotHaveDuplicates()
                .hasSize(200);
        assertThat(mostRunning(results.stream().map(TestNode::json).toList()))
                .isBetween(2, 2 * Runtime.getRuntime().availableProcessors());
    }

    @Test
    void bad_input_lands_in_dead_letters_with_its_code_while_good_jobs_around_it_run() {
        node.submit("good-before", job("exit 0"));
        node.submit("not-json", "echo hi");
        node.submit("array", "[1]");
        node.submit("typo", "{\"image\":\"busybox\",\"memroy\":\"64MiB\"}");
        node.submit("wrong-type", "{\"image\":\"busybox\",\"command\":\"echo hi\"}");
        node.produce(
                node.topics().jobs(),
                null,
                "{\"image\":\"busybox\",\"executionId\":\"../../etc/cron.d/x\"}");
        node.produce(node.topics().jobs(), "nothing", null);
        node.submit("good-after", job("exit 0"));

        assertThat(node.result("good-before").path("state").asText()).isEqualTo("succeeded");
        assertThat(node.result("good-after").path("state").asText()).isEqualTo("succeeded");
        Map<String, String> codes = new HashMap<>();
        node.read(node.topics().deadLetters(), records -> withCode(records) >= 6)
                .forEach(
                        each ->
                                codes.put(
                                        TestNode.text(each.key()),
                                        TestNode.header(each, "__dlq.errors.code")));
        assertThat(codes)
                .containsEntry("not-json", "MALFORMED_JSON")
                .containsEntry("array", "NOT_AN_OBJECT")
                .containsEntry("typo", "UNKNOWN_FIELD")
                .containsEntry("wrong-type", "INVALID_COMMAND")
                .containsEntry("", "INVALID_EXECUTION_ID")
                .containsEntry("nothing", "EMPTY_MESSAGE");
    }

    @Test
    void the_same_start_again_runs_nothing_and_another_under_its_id_is_refused() {
        node.submit("twice-1", job("echo once"));
        node.result("twice-1");
        node.submit("twice-1", job("echo once"));
        node.submit("twice-1", job("echo another"));
        node.submit("twice-2", job("exit 0"));
        node.result("twice-2");

        ConsumerRecord<byte[], byte[]> refused =
                node
                        .read(
                                node.topics().deadLetters(),
                                records ->
                                        records.stream().anyMatch(each -> hasKey(each, "twice-1")))
                        .stream()
                        .filter(each -> hasKey(each, "twice-1"))
                        .findFirst()
                        .orElseThrow();
        assertThat(TestNode.header(refused, "__dlq.errors.code")).isEqualTo("ALREADY_FINISHED");
        assertThat(TestNode.text(refused.value())).isEqualTo(job("echo another"));
        assertThat(log("twice-1")).hasSize(2);
    }

    @Test
    void a_cancel_reaches_a_running_job_and_one_that_comes_later() {
        node.submit("long-1", job("sleep 600"));
        node.read(node.topics().status(), records -> isState(records, "long-1", "running"));
        control("long-1", "\"type\":\"cancel\",\"reason\":\"enough\"");
        node.produce(
                node.topics().control(),
                "later-1",
                "{\"type\":\"cancel\",\"executionId\":\"later-1\"}");

        JsonNode running = node.result("long-1");
        node.submit("later-1", job("sleep 600"));
        JsonNode later = node.result("later-1");

        assertThat(running.path("state").asText()).isEqualTo("cancelled");
        assertThat(running.path("message").asText()).isEqualTo("enough");
        assertThat(running.path("exitCode").asInt()).isEqualTo(143);
        assertThat(later.path("state").asText()).isEqualTo("cancelled");
        assertThat(later.path("exitCode").asInt()).isEqualTo(-1);
    }

    @Test
    void what_never_ran_is_told_apart() {
        node.submit("no-image", "{\"image\":\"busybox:nowhere\",\"pullPolicy\":\"never\"}");
        node.submit("no-program", "{\"image\":\"busybox\",\"command\":[\"/no/such/program\"]}");
        node.submit(
                "too-long",
                "{\"image\":\"busybox\",\"command\":[\"sleep\",\"600\"],\"timeouts\":{\"run\":\"1s\"}}");
        node.submit("too-big", "{\"image\":\"busybox\",\"resources\":{\"cpu\":5000}}");

        assertThat(node.result("no-image").path("reason").asText()).isEqualTo("image_not_found");
        assertThat(node.result("no-program").path("reason").asText()).isEqualTo("start_failed");
        assertThat(node.result("no-program").path("exitCode").asInt()).isEqualTo(127);
        assertThat(node.result("too-long").path("reason").asText()).isEqualTo("timed_out_run");
        assertThat(node.result("too-big").path("state").asText()).isEqualTo("rejected");
        assertThat(node.result("too-big").path("reason").asText())
                .isEqualTo("insufficient_resources");
    }

    @Test
    void want_of_memory_is_told_apart_from_an_exit_code_of_137() {
        node.submit(
                "oom",
                "{\"image\":\"busybox\",\"resources\":{\"memory\":\"8MiB\"},\"command\":"
                        + "[\"sh\",\"-c\",\"x=0123456789abcdef; while :; do x=$x$x; done\"]}");
        node.submit("exit-137", job("exit 137"));

        assertThat(node.result("oom").path("reason").asText()).isEqualTo("oom_killed");
        assertThat(node.result("exit-137").path("reason").asText()).isEqualTo("non_zero_exit");
    }

    @Test
    void what_a_job_asks_of_its_container_holds_inside_it() {
        String script =
                "touch /x 2>/dev/null && echo rw || echo ro; touch /tmp/x && echo tmp; ulimit -n;"
                        + " pwd; echo $A; df -k /dev/shm | tail -n 1 | awk '{print $2}'";
        node.submit(
                "fields-1",
                "{\"image\":\"busybox\",\"readOnlyRootfs\":true,\"tmpfs\":{\"/tmp\":\"1MiB\"},"
                        + "\"ulimits\":{\"nofile\":64},\"workingDirectory\":\"/tmp\","
                        + "\"shmSize\":\"8MiB\",\"environment\":{\"A\":\"b\"},"
                        + "\"command\":[\"sh\",\"-c\",\""
                        + script
                        + "\"]}");

        assertThat(node.result("fields-1").path("stdout").asText())
                .isEqualTo("ro\ntmp\n64\n/tmp\nb\n8192\n");
    }

    @Test
    void what_the_policy_does_not_allow_is_rejected_by_field() {
        node.submit("caps-1", "{\"image\":\"busybox\",\"capabilities\":[\"SYS_ADMIN\"]}");

        JsonNode result = node.result("caps-1");

        assertThat(result.path("state").asText()).isEqualTo("rejected");
        assertThat(result.path("reason").asText()).isEqualTo("not_permitted");
        assertThat(result.path("message").asText()).contains("SYS_ADMIN");
    }

    @Test
    void a_program_can_be_frozen_and_go_on() {
        node.submit("frozen-1", job("sleep 600"));
        node.read(node.topics().status(), records -> isState(records, "frozen-1", "running"));
        control("frozen-1", "\"type\":\"pause\"");
        node.read(node.topics().status(), records -> isState(records, "frozen-1", "paused"));
        control("frozen-1", "\"type\":\"resume\"");
        node.read(
                node.topics().status(),
                records ->
                        records.stream()
                                        .filter(each -> hasKey(each, "frozen-1"))
                                        .filter(each -> isState(each, "running"))
                                        .count()
                                == 2);
        control("frozen-1", "\"type\":\"signal\",\"signal\":\"SIGKILL\"");

        JsonNode result = node.result("frozen-1");
        assertThat(result.path("exitCode").asInt()).isEqualTo(137);
        assertThat(
                        result.path("usage").path("peakMemoryBytes").isNumber()
                                || result.path("usage").isNull())
                .isTrue();
    }

    @Test
    void http_takes_a_job_by_the_same_topic_and_gives_its_log_and_result() {
        assertThat(
                        node.post(
                                        "/api/v1/executions",
                                        "{\"executionId\":\"http-1\","
                                                + job("echo hi").substring(1))
                                .statusCode())
                .isEqualTo(202);

        assertThat(node.get("/api/v1/executions/http-1/logs?follow=true").body()).isEqualTo("hi\n");
        assertThat(node.get("/api/v1/executions/http-1/result?wait=30s").body())
                .contains("\"succeeded\"");
        assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(
                        node.read(
                                node.topics().jobs(),
                                records ->
                                        records.stream().anyMatch(each -> hasKey(each, "http-1"))))
                .isNotEmpty();
    }

    @Test
    void nothing_of_a_job_is_left_on_the_engine() throws Exception {
        node.submit("gone-1", job("exit 0"));
        node.result("gone-1");
        node.submit("gone-2", job("exit 0"));
        node.result("gone-2");

        assertThat(TestEngine.api().get("/containers/json?all=1", Duration.ofSeconds(10)).text())
                .doesNotContain("longshore-gone-1");
    }

    private static String job(String script) {
        return "{\"image\":\"busybox\",\"command\":[\"sh\",\"-c\",\"" + script + "\"]}";
    }

    private static List<ConsumerRecord<byte[], byte[]>> log(String id) {
        return node
                .read(
                        node.topics().logs(),
                        records ->
                                records.stream()
                                        .anyMatch(
                                                each ->
                                                        hasKey(each, id)
                                                                && TestNode.header(each, "end")
                                                                        != null))
                .stream()
                .filter(each -> hasKey(each, id))
                .toList();
    }

    /** The most of these programs that ran at a time, by the engine's own clock. */
    private static int mostRunning(List<JsonNode> results) {
        TreeMap<Instant, Integer> changes = new TreeMap<>();
        for (JsonNode result : results) {
            changes.merge(Instant.parse(result.path("startedAt").asText()), 1, Integer::sum);
            changes.merge(Instant.parse(result.path("finishedAt").asText()), -1, Integer::sum);
        }
        int now = 0;
        int most = 0;
        for (int change : changes.values()) {
            now += change;
            most = Math.max(most, now);
        }
        return most;
    }

    private static void control(String id, String fields) {
        node.produce(
                node.topics().control(), id, "{\"executionId\":\"" + id + "\"," + fields + "}");
    }

    private static boolean isState(
            List<ConsumerRecord<byte[], byte[]>> records, String id, String state) {
        return records.stream().anyMatch(each -> hasKey(each, id) && isState(each, state));
    }

    private static long withCode(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(each -> TestNode.header(each, "__dlq.errors.code"))
                .distinct()
                .filter(code -> code != null && !code.startsWith("ALREADY"))
                .count();
    }

    private static boolean isState(ConsumerRecord<byte[], byte[]> each, String state) {
        return state.equals(TestNode.json(each).path("state").asText());
    }

    private static boolean isOneOf(List<String> ids, ConsumerRecord<byte[], byte[]> each) {
        return ids.contains(TestNode.text(each.key()));
    }

    private static boolean hasKey(ConsumerRecord<byte[], byte[]> each, String id) {
        return id.equals(TestNode.text(each.key()));
    }
}
