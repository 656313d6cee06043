package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.kafka.Topics;
import dev.longshore.testing.PrivateEngine;
import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What people and the system do to an engine under a node and its jobs, one after the other. */
class EngineByHandIT {
    private static final Duration CALL = Duration.ofSeconds(30);
    private static PrivateEngine engine;
    private static TestNode node;

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(TestEngine.hasOwnEngines(), "needs an engine of its own");
        engine =
                TestEngine.privateEngine(List.of("--log-opt=max-size=10k", "--log-opt=max-file=2"));
        node =
                new TestNode(
                        Map.of(
                                "docker.host",
                                engine.host(),
                                "docker.call-deadline",
                                "5s",
                                "disk.reserve",
                                "0"));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    private static void submit(String id, String script, String more) {
        node.submit(
                id,
                "{\"image\":\"busybox\",\"command\":[\"sh\",\"-c\",\""
                        + script
                        + "\"]"
                        + more
                        + "}");
    }

    /** Submits it and waits until its program has printed a line. */
    private static void running(String id, String script, String more) {
        submit(id, "echo begun; " + script, more);
        node.readEach(node.topics().logs(), each -> id.equals(TestNode.text(each.key())));
    }

    private static void byHand(String id, String path) throws IOException {
        engine.api().post("/containers/longshore-" + id + path, "", CALL).orFail(path);
    }

    private static List<String> lines(String id) {
        JsonNode log = node.result(id).path("log");
        List<String> lines = new ArrayList<>();
        Topics topics = node.topics();
        node.readEach(
                topics.logs(),
                record -> {
                    if (id.equals(TestNode.text(record.key()))
                            && TestNode.header(record, "end") == null) {
                        lines.add(TestNode.text(record.value()));
                    }
                    return id.equals(TestNode.text(record.key()))
                            && TestNode.header(record, "end") != null;
                });
        assertThat(log.path("complete").asBoolean()).isTrue();
        return lines;
    }

    private static String reason(String id) {
        return node.result(id).path("reason").asText();
    }

    @Test
    void a_program_that_is_frozen_by_hand_still_has_only_its_time() throws Exception {
        running("frozen", "sleep 600", ",\"timeouts\":{\"run\":\"20s\"}");
        byHand("frozen", "/pause");
        assertThat(reason("frozen")).isEqualTo("timed_out_run");
    }

    @Test
    void a_container_with_another_name_is_still_the_same() throws Exception {
        running("renamed", "sleep 10; echo last", "");
        byHand("renamed", "/rename?name=somebody-else");
        assertThat(reason("renamed")).isEqualTo("completed");
        assertThat(lines("renamed")).containsExactly("begun", "last");
    }

    @Test
    void a_container_that_was_started_again_by_hand_is_told_of() throws Exception {
        running("again", "sleep 10; exit 4", "");
        byHand("again", "/restart?t=1");
        JsonNode result = node.result("again");
        assertThat(result.path("reason").asText()).isEqualTo("non_zero_exit");
        assertThat(result.path("message").asText()).contains("started again at the engine");
    }

    @Test
    void a_container_that_was_stopped_or_removed_by_hand_is_lost() throws Exception {
        running("stopped", "sleep 600", "");
        running("removed", "sleep 600", "");
        byHand("stopped", "/stop?t=1");
        engine.api().delete("/containers/longshore-removed?force=true", CALL).orFail("remove");
        assertThat(reason("stopped")).isEqualTo("infra_lost");
        assertThat(reason("removed")).isEqualTo("infra_lost");
    }

    @Test
    void the_engines_own_rotation_of_logs_loses_no_line() {
        submit("rotated", "seq 1 20000", "");
        assertThat(lines("rotated"))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 20_000).mapToObj(String::valueOf).toList());
    }

    @Test
    void an_engine_that_stands_still_ends_nothing_and_loses_no_line() {
        running("still", "i=0; while [ $i -lt 60 ]; do echo $i; i=$((i+1)); sleep 0.2; done", "");
        engine.hang(true);
        try {
            submit("later", "exit 0", "");
            node.read(
                    node.topics().nodes(),
                    records ->
                            records.stream()
                                    .map(TestNode::json)
                                    .anyMatch(
                                            each ->
                                                    each.path("state")
                                                            .asText()
                                                            .equals("degraded")));
            assertThat(node.get("/health/live").statusCode()).isEqualTo(200);
        } finally {
            engine.hang(false);
        }
        assertThat(lines("still")).hasSize(61).last().isEqualTo("59");
        assertThat(reason("later")).isEqualTo("completed");
    }

    @Test
    void jobs_before_and_after_a_restart_of_the_engine_run_once_each() throws Exception {
        submit("before", "exit 0", "");
        assertThat(reason("before")).isEqualTo("completed");
        engine.restart();
        submit("after", "echo once", "");
        assertThat(reason("after")).isEqualTo("completed");
        assertThat(lines("after")).containsExactly("once");
    }

    @Test
    void an_engine_that_is_restarted_under_a_job_costs_it_an_attempt() {
        running(
                "tried",
                "sleep 5",
                ",\"retry\":{\"maxAttempts\":3,\"on\":[\"infra_lost\"],\"backoff\":\"1s\"}");
        engine.restart();
        JsonNode result = node.result("tried");
        assertThat(result.path("reason").asText()).isEqualTo("completed");
        assertThat(result.path("attempt").asInt()).isEqualTo(2);
    }
}
