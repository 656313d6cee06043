package dev.longshore.http;

import static dev.longshore.board.Samples.line;
import static dev.longshore.http.HttpFixture.await;
import static dev.longshore.http.HttpFixture.json;
import static dev.longshore.http.HttpFixture.newId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

class LogsIT {
    private static HttpFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new HttpFixture(pingedEvery(Duration.ofSeconds(25)));
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void text_is_what_was_printed() {
        ExecutionId id = finished(1_000);
        String printed =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> "line " + i + " ü\n")
                        .reduce("", String::concat);

        HttpResponse<String> all = fixture.get(path(id, ""));

        assertThat(all.body()).isEqualTo(printed);
        assertThat(all.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
        assertThat(fixture.get(path(id, "?tail=1")).body()).isEqualTo("line 999 ü\n");
        assertThat(fixture.get(path(id, "?tail=0")).body()).isEmpty();
        assertThat(fixture.get(path(id, "?after=997&timestamps=true")).body())
                .isEqualTo(
                        """
                        2026-01-01T00:00:00.000000998Z line 998 ü
                        2026-01-01T00:00:00.000000999Z line 999 ü
                        """);
    }

    @Test
    void streams_can_be_told_apart_and_pieces_of_a_line_are_joined() {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        fixture.write(
                List.of(
                        line(id, 0, "out"),
                        line(id, 1, LogStream.STDERR, "err"),
                        new LogRecord.Line(
                                id,
                                1,
                                2,
                                LogStream.STDOUT,
                                line(id, 2, "").time(),
                                new byte[] {'a'},
                                true),
                        line(id, 3, "b")));
        fixture.finish(id, log, 0, 4);

        assertThat(fixture.get(path(id, "?stream=stdout")).body()).isEqualTo("out\nab\n");
        assertThat(fixture.get(path(id, "?stream=stderr")).body()).isEqualTo("err\n");
    }

    @Test
    void ndjson_and_events_tell_the_same_records() {
        ExecutionId id = finished(3);
        List<String> ndjson =
                fixture.get(path(id, ""), "Accept", "application/x-ndjson").body().lines().toList();
        assertThat(ndjson.stream().map(l -> new JsonObject(l).getString("type")))
                .containsExactly("hello", "log", "log", "log", "end");
        assertThat(fixture.get(path(id, "?format=json")).body().lines())
                .containsExactlyElementsOf(ndjson);

        HttpResponse<String> events = fixture.get(path(id, ""), "Accept", "text/event-stream");
        assertThat(
                        events.body()
                                .lines()
                                .filter(l -> l.startsWith("data: "))
                                .map(l -> l.substring(6)))
                .containsExactlyElementsOf(ndjson);
        assertThat(events.body()).contains("id: 1-2\nevent: log\n");
        HttpResponse<String> resumed =
                fixture.get(
                        path(id, "?tail=1"), "Accept", "text/event-stream", "Last-Event-ID", "1-0");
        assertThat(resumed.body().lines().filter(l -> l.startsWith("id: ")))
                .containsExactly("id: 1-1", "id: 1-2", "id: 1-end");
        assertThat(
                        fixture.get(
                                        path(id, ""),
                                        "Accept",
                                        "text/event-stream",
                                        "Last-Event-ID",
                                        "1-end")
                                .statusCode())
                .isEqualTo(204);
    }

    @Test
    void a_socket_follows_from_before_the_start_to_the_end() {
        ExecutionId id = newId();
        fixture.status(id, 1, ExecutionState.ACCEPTED, null);
        SocketReader reader = follow(id, "");
        reader.until(r -> r.getString("type").equals("hello"));

        LogPosition log = fixture.running(id);
        fixture.write(List.of(line(id, 0, "a"), line(id, 1, "b")));
        fixture.finish(id, log, 3, 2);

        reader.untilClosed();
        assertThat(reader.types())
                .startsWith("hello")
                .endsWith("log", "log", "end")
                .contains("state");
        JsonObject end = reader.records().getLast();
        assertThat(end.getString("state")).isEqualTo("failed");
        assertThat(end.getInteger("exitCode")).isEqualTo(3);
        assertThat(end.getInteger("lastSeq")).isEqualTo(1);
        assertThat(reader.closeCode()).isEqualTo(1000);
    }

    @Test
    void an_execution_just_asked_for_can_be_followed() {
        String id =
                json(fixture.post("/api/v1/executions", "{\"image\":\"busybox\"}"))
                        .getString("executionId");
        SocketReader reader = follow(new ExecutionId(id), "");
        LogPosition log = fixture.running(new ExecutionId(id));
        fixture.finish(new ExecutionId(id), log, 0, 0);
        reader.untilClosed();
        assertThat(reader.types()).startsWith("hello").endsWith("end");
    }

    @Test
    void who_reconnects_with_after_misses_nothing() {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        fixture.write(lines(id, 0, 100));
        SocketReader first = follow(id, "");
        first.until(r -> seq(r) == 49);
        first.leave();
        fixture.write(lines(id, 100, 200));
        SocketReader second = follow(id, "?after=49");
        second.until(r -> seq(r) == 199);
        fixture.write(lines(id, 200, 210));
        fixture.finish(id, log, 0, 210);
        second.untilClosed();

        assertThat(second.seqs())
                .containsExactlyElementsOf(LongStream.range(50, 210).boxed().toList());
        assertThat(second.types()).doesNotContain("gap");
    }

    @Test
    void fifty_followers_get_the_same_whole_log() {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        List<SocketReader> readers = IntStream.range(0, 50).mapToObj(i -> follow(id, "")).toList();
        for (int i = 0; i < 20; i++) {
            fixture.write(lines(id, i * 50, i * 50 + 50));
        }
        fixture.finish(id, log, 0, 1_000);
        List<Long> all = LongStream.range(0, 1_000).boxed().toList();
        readers.forEach(
                reader -> {
                    reader.untilClosed();
                    assertThat(reader.seqs()).isEqualTo(all);
                    assertThat(reader.largestMessage()).isLessThanOrEqualTo(32 << 10);
                });
        HttpFixture.until(() -> fixture.board.openTails() == 0);
    }

    @Test
    void a_slow_follower_gets_a_gap_that_adds_up_while_a_fast_one_gets_everything() {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        SocketReader fast = follow(id, "");
        try (SlowSocket slow = SlowSocket.open(fixture.port, path(id, ""))) {
            assertThat(slow.next().getFirst().getString("type")).isEqualTo("hello");
            fixture.write(lines(id, 0, 1));
            assertThat(slow.next().getFirst().getLong("seq")).isZero();
            String text = "x".repeat(8 << 10);
            int count = 2_001;
            for (int i = 1; i < count; i += 50) {
                int to = i + 50;
                fixture.write(IntStream.range(i, to).mapToObj(s -> line(id, s, text)).toList());
                fast.until(r -> seq(r) == to - 1);
            }
            fixture.finish(id, log, 0, count);
            fast.untilClosed();

            List<JsonObject> got = slow.rest();

            assertThat(fast.seqs()).isEqualTo(LongStream.range(0, count).boxed().toList());
            List<JsonObject> gaps =
                    got.stream().filter(r -> r.getString("type").equals("gap")).toList();
            assertThat(gaps)
                    .isNotEmpty()
                    .allMatch(g -> g.getString("reason").equals("slow-consumer"));
            long lost = gaps.stream().mapToLong(g -> g.getLong("to") - g.getLong("from") + 1).sum();
            long lines = got.stream().filter(r -> r.containsKey("seq")).count();
            assertThat(1 + lost + lines).isEqualTo(count);
            assertThat(got.getLast().getString("type")).isEqualTo("end");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tail=-1,tail",
        "tail=x,tail",
        "tail=100001,tail",
        "after=-5,after",
        "tail=1&after=1,after",
        "stream=both,stream",
        "follow=maybe,follow",
        "format=xml,format",
        "timestamps=9,timestamps",
        "since=then,since",
        "until=1&since=2,until",
        "until=1&follow=true,until",
        "attempt=0,attempt",
        "after=2-1&attempt=1,after",
        "after=0-1,after",
        "tail=1&tail=2,tail"
    })
    void a_bad_parameter_is_refused_by_name_before_any_upgrade(String query, String name) {
        ExecutionId id = finished(1);
        HttpResponse<String> response = fixture.get(path(id, "?" + query));
        HttpIT.problem(response, 400, "INVALID_PARAMETER");
        assertThat(json(response).getJsonArray("errors").getJsonObject(0).getString("pointer"))
                .isEqualTo(name);
        assertThat(refused(options(id, "?" + query))).isEqualTo(400);
    }

    @Test
    void an_upgrade_from_elsewhere_or_to_nothing_is_refused_by_http() {
        ExecutionId id = finished(1);
        assertThat(refused(options(id, "").addHeader("Origin", "https://evil.example")))
                .isEqualTo(403);
        assertThat(refused(options(new ExecutionId("nobody"), ""))).isEqualTo(404);
        WebSocket allowed =
                await(
                        fixture.sockets.connect(
                                options(id, "").addHeader("Origin", "https://ops.example")));
        assertThat(allowed).isNotNull();
    }

    @Test
    void a_client_that_talks_too_much_is_sent_away() {
        ExecutionId id = newId();
        fixture.running(id);
        SocketReader binary = follow(id, "");
        binary.socket().writeBinaryMessage(Buffer.buffer("x"));
        binary.untilClosed();
        assertThat(binary.closeCode()).isEqualTo(1003);

        SocketReader large = follow(id, "");
        large.socket().writeTextMessage("x".repeat(5_000));
        large.untilClosed();
        assertThat(large.closeCode()).isEqualTo(1009);
    }

    @Test
    void an_open_socket_is_pinged() {
        try (HttpFixture pinging = new HttpFixture(pingedEvery(Duration.ofMillis(500)))) {
            ExecutionId id = newId();
            pinging.running(id);
            SocketReader reader = SocketReader.open(pinging, path(id, ""));
            HttpFixture.until(() -> reader.pings() > 3);
            assertThat(reader.socket().isClosed()).isFalse();
            reader.leave();
        }
    }

    @Test
    void a_node_that_stops_sends_its_readers_elsewhere() {
        try (HttpFixture other = new HttpFixture()) {
            ExecutionId id = newId();
            other.running(id);
            SocketReader reader = SocketReader.open(other, "/api/v1/executions/" + id + "/logs");
            reader.until(r -> r.getString("type").equals("hello"));
            await(other.vertx.undeploy(other.httpDeployment));
            reader.untilClosed();
            assertThat(reader.closeCode()).isEqualTo(1012);
        }
    }

    @Test
    void a_log_that_the_topic_has_let_go_of_is_said_to_be_gone() throws Exception {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        fixture.write(List.of(line(id, 0, "a"), line(id, 1, "b"), line(id, 2, "c")));
        fixture.finish(id, log, 0, 3);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", fixture.kafka.bootstrapServers()))) {
            admin.deleteRecords(
                            Map.of(
                                    new TopicPartition(log.topic(), log.partition()),
                                    RecordsToDelete.beforeOffset(-1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }

        SocketReader reader = follow(id, "");

        reader.untilClosed();
        assertThat(reader.types()).containsExactly("hello", "gap", "end");
        assertThat(reader.records().get(1).getString("reason")).isEqualTo("retention");
        assertThat(reader.closeCode()).isEqualTo(4410);
    }

    @Test
    void a_log_that_cannot_be_read_now_is_to_be_asked_for_again() {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        LogPosition nowhere = new LogPosition(log.topic(), 1_000, 0);
        fixture.status(id, 4, ExecutionState.PAUSED, nowhere);

        SocketReader reader = follow(id, "");

        reader.untilClosed();
        assertThat(reader.closeCode()).isEqualTo(1013);
    }

    @Test
    void who_has_some_lines_and_misses_others_is_not_sent_away() {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        fixture.write(List.of(line(id, 2, "c")));
        fixture.finish(id, log, 0, 3);

        SocketReader reader = follow(id, "");

        reader.untilClosed();
        assertThat(reader.types()).containsExactly("hello", "gap", "log", "end");
        assertThat(reader.closeCode()).isEqualTo(1000);
    }

    private static HttpSettings pingedEvery(Duration interval) {
        return new HttpSettings(
                "127.0.0.1",
                0,
                Set.of(),
                Set.of("https://ops.example"),
                1 << 20,
                Duration.ofMinutes(5),
                interval,
                Duration.ofSeconds(60));
    }

    private static ExecutionId finished(int count) {
        ExecutionId id = newId();
        LogPosition log = fixture.running(id);
        fixture.write(lines(id, 0, count));
        fixture.finish(id, log, 0, count);
        HttpFixture.until(
                () -> fixture.get("/api/v1/executions/" + id + "/result").statusCode() == 200);
        return id;
    }

    private static List<LogRecord.Line> lines(ExecutionId id, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> line(id, i, "line " + i + " ü")).toList();
    }

    private static String path(ExecutionId id, String query) {
        return "/api/v1/executions/" + id + "/logs" + query;
    }

    private static SocketReader follow(ExecutionId id, String query) {
        return SocketReader.open(fixture, path(id, query));
    }

    private static WebSocketConnectOptions options(ExecutionId id, String query) {
        return new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(fixture.port)
                .setURI(path(id, query));
    }

    private static int refused(WebSocketConnectOptions options) {
        int[] status = {0};
        assertThatThrownBy(() -> await(fixture.sockets.connect(options)))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        UpgradeRejectedException.class, e -> status[0] = e.getStatus());
        return status[0];
    }

    private static long seq(JsonObject entry) {
        return entry.getLong("seq", -1L);
    }
}
