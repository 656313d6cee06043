package dev.longshore.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import dev.longshore.job.Reason;
import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

class HttpJsonTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Execution EXECUTION =
            Execution.of(WireFixtures.accepted())
                    .after(WireFixtures.running())
                    .ended(WireFixtures.result());

    @Test
    void an_execution_is_its_latest_status_its_result_and_its_history() throws IOException {
        JsonNode whole = MAPPER.readTree(HttpJson.execution(EXECUTION, true));
        JsonNode brief =
                MAPPER.readTree(HttpJson.execution(Execution.of(WireFixtures.accepted()), false));

        assertThat(whole.path("state").asText()).isEqualTo("running");
        assertThat(whole.path("result").path("exitCode").asInt()).isEqualTo(137);
        assertThat(whole.path("history").size()).isEqualTo(2);
        assertThat(whole.path("history").get(0).path("state").asText()).isEqualTo("accepted");
        assertThat(brief.path("result").isNull()).isTrue();
        assertThat(brief.has("history")).isFalse();
        assertThat(MAPPER.readTree(HttpJson.history(EXECUTION, true)).path("history").size())
                .isEqualTo(2);
    }

    @Test
    void lists_say_where_they_go_on() throws IOException {
        JsonNode page = MAPPER.readTree(HttpJson.executions(List.of(EXECUTION), "next"));
        JsonNode last = MAPPER.readTree(HttpJson.executions(List.of(), null));

        assertThat(page.path("executions").get(0).path("exitCode").asInt()).isEqualTo(137);
        assertThat(page.path("nextCursor").asText()).isEqualTo("next");
        assertThat(last.path("nextCursor").isNull()).isTrue();
        assertThat(
                        MAPPER.readTree(HttpJson.nodes(List.of(WireFixtures.node())))
                                .path("nodes")
                                .get(0)
                                .path("nodeId")
                                .asText())
                .isEqualTo("node-1");
    }

    @Test
    void small_answers_are_exact() {
        assertThat(text(HttpJson.accepted(WireFixtures.ID, WireFixtures.JOB)))
                .isEqualTo("{\"executionId\":\"thumbnails-0007\",\"jobId\":\"thumbnails\"}");
        assertThat(
                        text(
                                HttpJson.problem(
                                        new Refusal(
                                                RefusalCode.INVALID_IMAGE, "/image", "/image: no"),
                                        400)))
                .isEqualTo(
                        "{\"type\":\"https://longshore.dev/problems/invalid-image\",\"title\":\"invalid"
                            + " image\",\"status\":400,\"detail\":\"/image:"
                            + " no\",\"code\":\"INVALID_IMAGE\",\"errors\":[{\"pointer\":\"/image\",\"message\":\"/image:"
                            + " no\"}]}");
        assertThat(text(HttpJson.problem(Refusal.of(RefusalCode.NOT_FOUND, "no"), 404)))
                .doesNotContain("errors");
    }

    @Test
    void events_are_the_same_as_on_their_topics() {
        EventCodec events = new EventCodec();

        assertThat(HttpJson.status(WireFixtures.running()))
                .isEqualTo(events.status(WireFixtures.running(), null).value());
        assertThat(HttpJson.result(WireFixtures.result()))
                .isEqualTo(events.result(WireFixtures.result(), null).value());
        assertThat(HttpJson.node(WireFixtures.node()))
                .isEqualTo(events.node(WireFixtures.node()).value());
    }

    @Test
    void log_records_are_exact() {
        byte[] bytes = {'e', (byte) 0xff, '\t', 'x'};
        Instant time = Instant.parse("2026-01-01T00:00:00.123456789Z");

        assertThat(text(LogJson.hello(WireFixtures.ID, 1, ExecutionState.RUNNING, 812)))
                .isEqualTo(
                        "{\"type\":\"hello\",\"executionId\":\"thumbnails-0007\",\"attempt\":1,"
                                + "\"state\":\"running\",\"nextSeq\":812}");
        assertThat(
                        text(
                                LogJson.line(
                                        new LogRecord.Line(
                                                WireFixtures.ID,
                                                1,
                                                812,
                                                LogStream.STDOUT,
                                                time,
                                                bytes,
                                                false))))
                .isEqualTo(
                        "{\"type\":\"log\",\"seq\":812,\"time\":\"2026-01-01T00:00:00.123456789Z\","
                                + "\"stream\":\"stdout\",\"text\":\"e\uFFFD\\tx\"}");
        assertThat(
                        text(
                                LogJson.line(
                                        new LogRecord.Line(
                                                WireFixtures.ID,
                                                1,
                                                812,
                                                LogStream.STDOUT,
                                                time,
                                                bytes,
                                                true))))
                .endsWith(",\"partial\":true}");
        assertThat(text(LogJson.gap(900L, 1420L, "slow-consumer")))
                .isEqualTo(
                        "{\"type\":\"gap\",\"from\":900,\"to\":1420,\"reason\":\"slow-consumer\"}");
        assertThat(text(LogJson.gap(900L, null, "retention"))).contains("\"to\":null");
        assertThat(text(LogJson.state(ExecutionState.STOPPING, Reason.CANCELLED, null)))
                .isEqualTo("{\"type\":\"state\",\"state\":\"stopping\",\"reason\":\"cancelled\"}");
        assertThat(text(LogJson.state(ExecutionState.PULLING, null, "1 of 2 layers")))
                .isEqualTo(
                        "{\"type\":\"state\",\"state\":\"pulling\",\"message\":\"1 of 2 layers\"}");
        assertThat(text(LogJson.state(ExecutionState.RUNNING, null, null)))
                .isEqualTo("{\"type\":\"state\",\"state\":\"running\"}");
        assertThat(text(LogJson.end(ExecutionState.SUCCEEDED, 0, 1893, true)))
                .isEqualTo(
                        "{\"type\":\"end\",\"state\":\"succeeded\",\"exitCode\":0,\"lastSeq\":1893,\"complete\":true}");
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
