package dev.longshore.http;

import static dev.longshore.http.HttpFixture.json;
import static dev.longshore.http.HttpFixture.newId;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.board.Samples;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogPosition;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

class HttpIT {
    private static final String EXECUTIONS = "/api/v1/executions";
    private static HttpFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new HttpFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void a_start_goes_to_its_topic_and_is_accepted() {
        HttpResponse<String> response =
                fixture.post(
                        EXECUTIONS,
                        "{\"executionId\":\"given\",\"jobId\":\"j\",\"image\":\"busybox\",\"command\":[\"true\"]}",
                        "Content-Type",
                        "application/json",
                        "traceparent",
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response))
                .isEqualTo(new JsonObject().put("executionId", "given").put("jobId", "j"));
        assertThat(response.headers().firstValue("Location")).hasValue(EXECUTIONS + "/given");
        ConsumerRecord<String, String> record = written(fixture.kafka.topics().jobs(), "given");
        assertThat(new JsonObject(record.value()).getString("image")).isEqualTo("busybox");
        assertThat(record.headers().lastHeader("traceparent")).isNotNull();
    }

    @Test
    void a_start_without_an_id_gets_one_and_is_waited_for() {
        String id =
                json(fixture.post(EXECUTIONS, "{\"image\":\"busybox\"}")).getString("executionId");

        assertThat(ExecutionId.isValid(id)).isTrue();
        assertThat(fixture.get(EXECUTIONS + "/" + id).statusCode()).isEqualTo(202);
        assertThat(fixture.get(EXECUTIONS + "/" + id + "/result").statusCode()).isEqualTo(202);
        assertThat(fixture.post(EXECUTIONS + "/" + id + "/cancel", "").statusCode()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                   | 400 | EMPTY_MESSAGE",
                "{                                    | 400 | MALFORMED_JSON",
                "[]                                   | 400 | NOT_AN_OBJECT",
                "{}                                   | 400 | MISSING_FIELD",
                "{\"image\":\"a\",\"memroy\":1}       | 400 | UNKNOWN_FIELD",
                "{\"image\":\"a\",\"image\":\"b\"}    | 400 | DUPLICATE_KEY",
                "{\"image\":\"a\",\"executionId\":\"../x\"} | 400 | INVALID_EXECUTION_ID",
            })
    void a_malformed_start_is_refused_with_its_code(String body, int status, String code) {
        HttpResponse<String> response = fixture.post(EXECUTIONS, body);

        problem(response, status, code);
    }

    @Test
    void a_refusal_points_at_the_field() {
        JsonObject problem = json(fixture.post(EXECUTIONS, "{\"image\":\"a\",\"memroy\":1}"));
        JsonArray errors = problem.getJsonArray("errors");
        assertThat(errors.getJsonObject(0).getString("pointer")).isEqualTo("/memroy");
    }

    @Test
    void a_body_that_is_too_large_or_not_json_is_refused() {
        String large = "{\"image\":\"" + "x".repeat(1 << 20) + "\"}";
        problem(fixture.post(EXECUTIONS, large), 413, "TOO_LARGE");
        problem(
                fixture.post(
                        EXECUTIONS, "a=b", "Content-Type", "application/x-www-form-urlencoded"),
                415,
                "UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void executions_are_listed_newest_first_with_filters_and_pages() {
        ExecutionId first = newId();
        ExecutionId second = newId();
        LogPosition log = fixture.running(first);
        fixture.running(second);
        fixture.finish(first, log, 3, 0);
        HttpFixture.until(
                () -> fixture.get(EXECUTIONS + "/" + first + "/result").statusCode() == 200);

        JsonArray failed =
                json(fixture.get(EXECUTIONS + "?state=failed&jobId=job&nodeId=node-1"))
                        .getJsonArray("executions");
        assertThat(failed)
                .isNotEmpty()
                .allMatch(e -> ((JsonObject) e).getString("state").equals("failed"));
        JsonObject page = json(fixture.get(EXECUTIONS + "?limit=1"));
        assertThat(page.getJsonArray("executions")).hasSize(1);
        JsonObject next =
                json(fixture.get(EXECUTIONS + "?limit=1&cursor=" + page.getString("nextCursor")));
        assertThat(next.getJsonArray("executions").getJsonObject(0).getString("executionId"))
                .isNotEqualTo(
                        page.getJsonArray("executions").getJsonObject(0).getString("executionId"));
    }

    @ParameterizedTest
    @CsvSource({
        "state=odd,state",
        "limit=0,limit",
        "limit=-1,limit",
        "limit=1001,limit",
        "cursor=!,cursor",
        "jobId=a%20b,jobId",
        "nodeId=..,nodeId",
        "colour=red,colour",
        "limit=1&limit=2,limit"
    })
    void a_bad_filter_is_refused_by_name(String query, String name) {
        HttpResponse<String> response = fixture.get(EXECUTIONS + "?" + query);
        problem(response, 400, "INVALID_PARAMETER");
        assertThat(json(response).getJsonArray("errors").getJsonObject(0).getString("pointer"))
                .isEqualTo(name);
    }

    @Test
    void one_execution_with_its_history_and_result() {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        JsonObject running = json(fixture.get(EXECUTIONS + "/" + id));
        assertThat(running.getString("state")).isEqualTo("running");
        assertThat(running.getValue("result")).isNull();
        assertThat(json(fixture.get(EXECUTIONS + "/" + id + "/history")).getJsonArray("history"))
                .hasSize(3);
        HttpResponse<String> notYet = fixture.get(EXECUTIONS + "/" + id + "/result");
        assertThat(notYet.statusCode()).isEqualTo(202);
        assertThat(json(notYet).getString("state")).isEqualTo("running");

        fixture.finish(id, log, 7, 0);

        HttpResponse<String> result = fixture.get(EXECUTIONS + "/" + id + "/result?wait=30s");
        assertThat(result.statusCode()).isEqualTo(200);
        assertThat(json(result).getInteger("exitCode")).isEqualTo(7);
    }

    @Test
    void a_result_that_is_waited_for_comes_with_the_end_and_a_short_wait_ends_without_it() {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        assertThat(fixture.get(EXECUTIONS + "/" + id + "/result?wait=50ms").statusCode())
                .isEqualTo(202);
        CompletableFuture<HttpResponse<String>> waiting =
                fixture.client.sendAsync(
                        fixture.request(EXECUTIONS + "/" + id + "/result?wait=PT1M").build(),
                        BodyHandlers.ofString());

        fixture.finish(id, log, 0, 0);

        assertThat(waiting.join().statusCode()).isEqualTo(200);
        problem(fixture.get(EXECUTIONS + "/" + id + "/result?wait=6m"), 400, "INVALID_PARAMETER");
        problem(fixture.get(EXECUTIONS + "/" + id + "/result?wait=soon"), 400, "INVALID_PARAMETER");
    }

    @Test
    void who_waits_for_a_state_hears_of_it_or_that_it_did_not_come_in_time() {
        ExecutionId id = newId();
        fixture.status(id, 1, ExecutionState.ACCEPTED, null);
        String running = EXECUTIONS + "/" + id + "?await=running";
        assertThat(fixture.get(running + "&wait=50ms").statusCode()).isEqualTo(202);
        CompletableFuture<HttpResponse<String>> waiting =
                fixture.client.sendAsync(
                        fixture.request(running + "&wait=1m").build(), BodyHandlers.ofString());

        fixture.status(id, 2, ExecutionState.RUNNING, null);

        HttpResponse<String> told = waiting.join();
        assertThat(told.statusCode()).isEqualTo(200);
        assertThat(json(told).getString("state")).isEqualTo("running");
        problem(fixture.get(EXECUTIONS + "/nobody-1?await=running&wait=50ms"), 404, "NOT_FOUND");
        problem(fixture.get(EXECUTIONS + "/" + id + "?await=odd"), 400, "INVALID_PARAMETER");
        problem(fixture.get(EXECUTIONS + "/" + id + "?wait=1s"), 400, "INVALID_PARAMETER");
    }

    @Test
    void control_commands_go_to_their_topic() {
        ExecutionId id = newId();
        fixture.running(id);

        HttpResponse<String> cancelled =
                fixture.post(EXECUTIONS + "/" + id + "/cancel", "{\"reason\":\"enough\"}");
        assertThat(cancelled.statusCode()).isEqualTo(202);
        JsonObject command =
                new JsonObject(written(fixture.kafka.topics().control(), id.value()).value());
        assertThat(command.getString("type")).isEqualTo("cancel");
        assertThat(command.getString("reason")).isEqualTo("enough");
        assertThat(fixture.post(EXECUTIONS + "/" + id + "/remove", "").statusCode()).isEqualTo(202);
        problem(
                fixture.post(EXECUTIONS + "/" + id + "/cancel", "{\"why\":\"x\"}"),
                400,
                "UNKNOWN_FIELD");
        problem(
                fixture.post(EXECUTIONS + "/" + id + "/cancel", "{\"type\":\"remove\"}"),
                400,
                "UNKNOWN_FIELD");
        problem(fixture.post(EXECUTIONS + "/" + id + "/cancel", "nonsense"), 400, "MALFORMED_JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nobody",
                "/nobody/history",
                "/nobody/result",
                "/nobody/result?wait=10s",
                "/nobody/logs"
            })
    void what_nobody_knows_is_not_found(String path) {
        problem(fixture.get(EXECUTIONS + path), 404, "NOT_FOUND");
        problem(fixture.post(EXECUTIONS + "/nobody/cancel", ""), 404, "NOT_FOUND");
    }

    @Test
    void nodes_are_listed_and_found() {
        fixture.known(Samples.node("n-1", Samples.T0));
        fixture.known(Samples.node("n-2", Samples.T0));

        JsonArray nodes = json(fixture.get("/api/v1/nodes")).getJsonArray("nodes");
        assertThat(nodes.stream().map(n -> ((JsonObject) n).getString("nodeId")))
                .containsExactly("n-1", "n-2");
        assertThat(json(fixture.get("/api/v1/nodes/n-1")).getString("state")).isEqualTo("ready");
        problem(fixture.get("/api/v1/nodes/n-3"), 404, "NOT_FOUND");
    }

    @Test
    void readiness_follows_its_checks_and_liveness_does_not() {
        assertThat(fixture.get("/health/ready").statusCode()).isEqualTo(200);
        fixture.checks.set(List.of(new HealthCheck("engine", false, "no answer")));
        HttpResponse<String> ready = fixture.get("/health/ready");
        fixture.checks.set(List.of());

        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(json(ready).getJsonArray("checks").getJsonObject(1).getString("detail"))
                .isEqualTo("no answer");
        assertThat(json(fixture.get("/health/live")).getString("status")).isEqualTo("UP");
    }

    @Test
    void every_answer_forbids_sniffing_and_caching() {
        for (String path : List.of(EXECUTIONS, "/nowhere", "/health/live")) {
            HttpResponse<String> response = fixture.get(path);
            assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        }
        problem(fixture.get("/nowhere"), 404, "NOT_FOUND");
        problem(fixture.post("/health/live", ""), 405, "METHOD_NOT_ALLOWED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%2e%2e/%2e%2e/etc/passwd",
                "/api/v1/executions/%2e%2e",
                "/api/v1/executions/%00",
                "/api/v1/executions/%",
                "/api/v1/executions/%zz/logs",
                "/api/v1/executions/a%2fb",
                "/api/v1/executions?limit=%",
                "//etc",
                "/\\..\\",
                "/api/v1/executions/x/logs?%=%",
                "*",
                "http://evil/api/v1/executions",
                "no-slash"
            })
    void a_hostile_path_is_the_clients_mistake(String path) {
        assertThat(RawHttp.status(fixture.port, path, "Host: localhost")).isBetween(400, 499);
    }

    @Test
    void an_endless_path_is_the_clients_mistake() {
        assertThat(RawHttp.status(fixture.port, "/" + "a".repeat(8 << 10), "Host: localhost"))
                .isBetween(400, 499);
        assertThat(
                        RawHttp.status(
                                fixture.port,
                                "/health/live",
                                "Host: localhost",
                                "X: " + "a".repeat(32 << 10)))
                .isBetween(400, 499);
    }

    @ParameterizedTest
    @CsvSource({
        "Host: localhost,,200",
        "Host: LOCALHOST:1,,200",
        "Host: 10.1.2.3:8080,,200",
        "Host: [::1]:8080,,200",
        "Host: evil.example,,403",
        "Host: 127.0.0.1.evil.example,,403",
        "Host: localhost.,,403",
        "X: y,,400",
        "Host: localhost:8080,Origin: http://localhost:8080,200",
        "Host: localhost:8080,Origin: http://localhost,403",
        "Host: localhost:8080,Origin: http://evil.example,403",
        "Host: localhost:8080,Origin: null,403",
        "Host: localhost:8080,Origin: file://,403",
        "Host: localhost,Origin: http://localhost:80,200"
    })
    void only_our_own_pages_may_call(String host, String origin, int status) {
        String[] headers = origin == null ? new String[] {host} : new String[] {host, origin};
        assertThat(RawHttp.status(fixture.port, "/api/v1/executions", headers)).isEqualTo(status);
    }

    @Test
    void a_client_that_leaves_while_it_waits_leaves_nothing_behind() {
        ExecutionId id = newId();
        fixture.running(id);
        int before = fixture.board.openWaits();
        RawHttp waiting =
                RawHttp.open(
                        fixture.port, EXECUTIONS + "/" + id + "/result?wait=5m", "Host: localhost");
        HttpFixture.until(() -> fixture.board.openWaits() == before + 1);

        waiting.close();

        HttpFixture.until(() -> fixture.board.openWaits() == before);
        assertThat(fixture.board.openWaits()).isEqualTo(before);
    }

    static void problem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        JsonObject problem = json(response);
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("title")).isNotEmpty();
        assertThat(problem.getString("detail")).isNotEmpty().doesNotContain("Exception");
    }

    private static ConsumerRecord<String, String> written(String topic, String key) {
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        Map<String, Object> properties =
                Map.of("bootstrap.servers", fixture.kafka.bootstrapServers());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        properties, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            HttpFixture.until(
                    () -> {
                        consumer.poll(Duration.ofMillis(100))
                                .forEach(
                                        record -> {
                                            if (key.equals(record.key())) {
                                                found.add(record);
                                            }
                                        });
                        return !found.isEmpty();
                    });
        }
        return found.getFirst();
    }
}
