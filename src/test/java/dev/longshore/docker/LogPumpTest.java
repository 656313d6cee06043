package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.LogRecord;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The pump against an engine that answers just what the test tells it, the known lies of real ones
 * included.
 */
class LogPumpTest extends OnContext {
    private static final String RUNNING = "running";
    private static final String EXITED = "exited";

    private final Deque<Consumer<HttpServerResponse>> follows = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private Supplier<String> state = () -> EXITED;
    private Buffer file = Buffer.buffer();
    private int records;
    private volatile String version = "1.41";
    private HttpServer server;
    private Docker docker;

    @BeforeEach
    void openServer() {
        server =
                ask(
                        () ->
                                vertx.createHttpServer()
                                        .requestHandler(this::answer)
                                        .listen(0, "127.0.0.1"));
        docker =
                DockerJava.create(
                        vertx,
                        DockerSettings.defaults()
                                .withHost(URI.create("tcp://127.0.0.1:" + server.actualPort()))
                                .withDeadline(Duration.ofSeconds(10)));
    }

    @AfterEach
    void closeServer() {
        ask(docker::close);
        ask(server::close);
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        String path = request.path();
        if (path.equals("/version")) {
            response.end("{\"ApiVersion\":\"" + version + "\",\"MinAPIVersion\":\"1.12\"}");
        } else if (path.endsWith("/logs")) {
            log(request, response);
        } else if (state.get().isEmpty()) {
            response.setStatusCode(404).end("{\"message\":\"No such container: c\"}");
        } else {
            response.putHeader("content-type", "application/json")
                    .end(
                            "{\"Id\":\"c\",\"Name\":\"/c\",\"Image\":\"sha256:0\",\"Config\":{\"Labels\":{}},"
                                + "\"State\":{\"Status\":\""
                                    + state.get()
                                    + "\",\"ExitCode\":0}}");
        }
    }

    private void log(HttpServerRequest request, HttpServerResponse response) {
        response.setChunked(true);
        String tail = request.getParam("tail");
        if (request.getParam("follow").equals("1")) {
            asked.add("follow");
            follows.remove().accept(response);
        } else if (tail != null) {
            asked.add("tail");
            response.end(
                    records <= Integer.parseInt(tail) ? file : frame("z tail of a long file\n"));
        } else {
            asked.add("whole");
            response.end(file);
        }
    }

    private static Buffer frame(String text) {
        return Buffer.buffer(FrameDecoderTest.frame(1, text));
    }

    private static String record(int number, String end) {
        return "2026-01-02T03:04:05." + (100 + number) + "Z line " + number + end;
    }

    private static Buffer frames(int from, int to) {
        Buffer frames = Buffer.buffer();
        for (int i = from; i < to; i++) {
            frames.appendBuffer(frame(record(i, "\n")));
        }
        return frames;
    }

    private void fileOf(int lines) {
        file = frames(0, lines);
        records = lines;
    }

    private LogEnd read(Lines lines) {
        LogFollow follow = ask(() -> Future.succeededFuture(docker.follow(Lines.of("c"), lines)));
        return ask(follow::end);
    }

    private static List<String> lines(int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add("out|line " + i);
        }
        return texts;
    }

    @Test
    void records_that_arrive_together_are_handed_on_together() {
        fileOf(500);
        follows.add(
                response -> {
                    // As an engine does: each a piece of its own.
                    for (int i = 0; i < 500; i++) {
                        response.write(frames(i, i + 1));
                    }
                    response.end();
                });
        Lines lines = new Lines();

        read(lines);

        assertThat(lines.texts()).isEqualTo(lines(500));
        assertThat(lines.threads).as("one for each batch").hasSizeLessThan(100);
    }

    @Test
    void a_complete_follow_is_confirmed_by_the_tail() {
        fileOf(3);
        follows.add(response -> response.end(frames(0, 3)));
        Lines lines = new Lines();
        assertThat(read(lines)).isEqualTo(new LogEnd(3, true));
        assertThat(lines.texts()).isEqualTo(lines(3));
        assertThat(asked).containsExactly("follow", "tail");
    }

    @Test
    void a_follow_that_ended_early_is_completed_from_the_tail() {
        fileOf(5);
        follows.add(response -> response.end(frames(0, 3)));
        Lines lines = new Lines();
        assertThat(read(lines)).isEqualTo(new LogEnd(5, true));
        assertThat(lines.texts()).isEqualTo(lines(5));
        assertThat(asked).containsExactly("follow", "tail");
    }

    @Test
    void a_follow_that_ended_far_too_early_is_read_once_more() {
        fileOf(100);
        follows.add(response -> response.end(frames(0, 3)));
        Lines lines = new Lines();
        assertThat(read(lines)).isEqualTo(new LogEnd(100, true));
        assertThat(lines.texts()).isEqualTo(lines(100));
        assertThat(asked).containsExactly("follow", "tail", "whole");
    }

    @Test
    void a_follow_that_gave_nothing_is_not_believed() {
        fileOf(2);
        follows.add(HttpServerResponse::end);
        Lines lines = new Lines();
        assertThat(read(lines)).isEqualTo(new LogEnd(2, true));
        assertThat(lines.texts()).isEqualTo(lines(2));
    }

    @Test
    void an_end_while_the_container_lives_opens_the_log_again_and_gives_nothing_twice() {
        fileOf(4);
        state = () -> follows.isEmpty() ? EXITED : RUNNING;
        follows.add(response -> response.end(frames(0, 2)));
        follows.add(response -> response.end(frames(0, 4)));
        Lines lines = new Lines();
        assertThat(read(lines)).isEqualTo(new LogEnd(4, true));
        assertThat(lines.texts()).isEqualTo(lines(4));
        assertThat(asked).containsExactly("follow", "follow", "tail");
    }

    @Test
    void a_connection_that_breaks_within_a_record_gives_it_once() {
        fileOf(3);
        state = () -> follows.isEmpty() ? EXITED : RUNNING;
        Buffer two = frames(0, 2);
        follows.add(
                response ->
                        response.write(two.slice(0, two.length() - 3))
                                .onComplete(_ -> response.reset()));
        follows.add(response -> response.end(frames(0, 3)));
        Lines lines = new Lines();
        assertThat(read(lines)).isEqualTo(new LogEnd(3, true));
        assertThat(lines.texts()).isEqualTo(lines(3));
    }

    @Test
    void an_unfinished_last_line_is_given_only_when_the_container_has_ended() {
        file = frames(0, 1).appendBuffer(frame(record(1, " has no end")));
        records = 2;
        state = () -> follows.isEmpty() ? EXITED : RUNNING;
        follows.add(response -> response.end(frames(0, 1).appendBuffer(frame(record(1, "")))));
        follows.add(response -> response.end(file));
        Lines lines = new Lines();
        assertThat(read(lines)).isEqualTo(new LogEnd(2, true));
        assertThat(lines.texts()).containsExactly("out|line 0", "out|line 1 has no end+");
    }

    @Test
    void a_file_that_changed_is_said_as_a_gap() {
        fileOf(1);
        state = () -> follows.isEmpty() ? EXITED : RUNNING;
        follows.add(response -> response.end(frames(0, 2)));
        follows.add(response -> response.end(frames(0, 1)));
        Lines lines = new Lines();
        assertThat(read(lines)).isEqualTo(new LogEnd(2, false));
        assertThat(lines.records.getLast())
                .isEqualTo(new LogRecord.Gap(Lines.ID, 1, "history-changed", -1));
    }

    @Test
    void a_container_that_went_away_leaves_a_gap() {
        state = () -> "";
        follows.add(response -> response.end(frames(0, 2)));
        Lines lines = new Lines();
        assertThat(read(lines)).isEqualTo(new LogEnd(2, false));
        assertThat(lines.records.getLast())
                .isEqualTo(new LogRecord.Gap(Lines.ID, 1, "container-gone", -1));
    }

    @Test
    void the_engines_own_error_in_the_stream_is_a_gap() {
        file = frames(0, 1);
        records = 1;
        follows.add(
                response ->
                        response.end(
                                Buffer.buffer(FrameDecoderTest.frame(3, "Error grabbing logs"))
                                        .appendBuffer(frames(0, 1))));
        Lines lines = new Lines();
        assertThat(read(lines)).isEqualTo(new LogEnd(1, false));
        assertThat(lines.records).hasSize(2);
    }

    @Test
    void a_terminals_log_is_read_too() {
        file = Buffer.buffer(record(0, "\r\n") + record(1, "\r\n"), StandardCharsets.UTF_8.name());
        records = 2;
        follows.add(response -> response.end(file));
        Lines lines = new Lines();
        assertThat(read(lines)).isEqualTo(new LogEnd(2, true));
        assertThat(lines.texts()).containsExactly("out|line 0\r", "out|line 1\r");
    }

    @Test
    void an_engine_of_an_unknown_age_is_refused_and_asked_again() {
        version = "1.30";
        assertThatThrownBy(() -> ask(docker::ping))
                .isInstanceOf(DockerFailure.Refused.class)
                .hasMessageContaining("1.30");
        version = "1.41";
        assertThat(ask(() -> docker.inspect("c")).id()).isEqualTo("c");
    }
}
