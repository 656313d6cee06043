package dev.longshore.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.board.Board;
import dev.longshore.board.BoardHand;
import dev.longshore.board.BoardSettings;
import dev.longshore.board.Samples;
import dev.longshore.bus.Download;
import dev.longshore.bus.OwnExecutions;
import dev.longshore.bus.OwnRefusal;
import dev.longshore.bus.OwnUnavailable;
import dev.longshore.bus.ScriptedStream;
import dev.longshore.job.ExecAnswer;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobId;
import dev.longshore.job.LiveUsage;
import dev.longshore.job.LogPosition;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.RefusalCode;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Two nodes: what only the owner can do is done by it, whichever is asked. */
class OwnRoutesTest {
    private static final ExecutionId MINE = new ExecutionId("mine");
    private static final LogPosition LOG = new LogPosition("logs", 0, 0);

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Board board = new Board(vertx, BoardSettings.defaults());
    private final BoardHand hand = new BoardHand(board);
    private final Owner owner = new Owner();
    private HttpServer first = vertx.createHttpServer();
    private HttpServer second = vertx.createHttpServer();

    @BeforeEach
    void start() {
        first = serve("node-1", owner);
        second = serve("node-2", new Stranger());
        hand.node(node("node-1", "http://127.0.0.1:" + first.actualPort() + "/"));
        running(MINE, "node-1");
    }

    @AfterEach
    void stop() {
        client.close();
        vertx.close().await();
    }

    @Test
    void a_command_is_run_by_the_owner_whoever_is_asked() {
        for (HttpServer server : List.of(first, second)) {
            HttpResponse<String> response =
                    post(server, "/mine/exec", "{\"command\":[\"sh\",\"-c\",\"exit 3\"]}");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(new JsonObject(response.body()))
                    .isEqualTo(
                            new JsonObject()
                                    .put("exitCode", 3)
                                    .put("stdout", "[sh, -c, exit 3]")
                                    .put("stderr", "é")
                                    .put("truncated", true));
        }
    }

    @Test
    void usage_and_outputs_come_from_the_owner_too() {
        for (HttpServer server : List.of(first, second)) {
            JsonObject usage = new JsonObject(get(server, "/mine/stats").body());
            assertThat(usage.getDouble("cpuSeconds")).isEqualTo(1.5);
            assertThat(usage.getLong("memoryLimitBytes")).isEqualTo(4);
            assertThat(usage.getLong("pids")).isEqualTo(7);

            HttpResponse<String> tar = get(server, "/mine/outputs/thumbs");
            assertThat(tar.statusCode()).isEqualTo(200);
            assertThat(tar.headers().firstValue("Content-Type")).hasValue("application/x-tar");
            assertThat(tar.headers().firstValue("Content-Disposition"))
                    .hasValue("attachment; filename=\"mine-thumbs.tar\"");
            assertThat(tar.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(tar.body()).startsWith("0 1 2 ").endsWith(" 98 99 ");
        }
    }

    @Test
    void a_client_that_leaves_closes_the_output() throws Exception {
        owner.endless = true;
        try (RawHttp raw =
                RawHttp.open(
                        second.actualPort(),
                        "/api/v1/executions/mine/outputs/thumbs",
                        "Host: localhost")) {
            assertThat(raw.line()).contains("200");
        }
        assertThat(owner.closed.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"NOT_PERMITTED,403", "NOT_RUNNING,409", "ALREADY_FINISHED,409", "NOT_FOUND,404"})
    void a_refusal_of_the_owner_is_told_with_its_code(RefusalCode code, int status) {
        owner.failure = new OwnRefusal(code, "because");
        for (HttpServer server : List.of(first, second)) {
            problem(post(server, "/mine/exec", "{\"command\":[\"id\"]}"), status, code.name());
        }
        owner.failure = new OwnUnavailable("the engine is away");
        problem(get(second, "/mine/stats"), 503, "UNAVAILABLE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|MISSING_FIELD",
                "{|MALFORMED_JSON",
                "[]|MALFORMED_JSON",
                "{\"command\":\"ls\"}|INVALID_COMMAND",
                "{\"command\":[]}|INVALID_COMMAND",
                "{\"command\":[1]}|INVALID_COMMAND",
                "{\"comand\":[\"ls\"]}|UNKNOWN_FIELD",
            })
    void a_malformed_command_is_refused_by_whoever_is_asked(String body, String code) {
        problem(post(second, "/mine/exec", body), 400, code);
    }

    @Test
    void what_nobody_has_or_what_has_ended_is_not_asked_for() {
        problem(get(first, "/nobody/stats"), 404, "NOT_FOUND");
        problem(get(first, "/nobody/outputs/x"), 404, "NOT_FOUND");
        problem(get(first, "/mine/outputs/.."), 404, "NOT_FOUND");
        hand.status(Samples.status(MINE, 9, ExecutionState.SUCCEEDED, LOG));
        problem(get(second, "/mine/stats"), 409, "ALREADY_FINISHED");
        assertThat(get(second, "/mine/outputs/thumbs").statusCode()).isEqualTo(200);
        board.expect(new ExecutionId("soon"), new JobId("j"));
        problem(get(first, "/soon/stats"), 409, "NOT_RUNNING");
    }

    @Test
    void an_owner_that_cannot_be_asked_is_named_with_what_to_do() {
        running(new ExecutionId("a"), "node-3");
        problem(get(first, "/a/stats"), 502, "OWNER_UNKNOWN");
        hand.node(node("node-3", null));
        assertThat(problem(get(first, "/a/stats"), 502, "OWNER_WITHOUT_URL"))
                .contains("node-3", "node.url");
        hand.node(node("node-3", "http://127.0.0.1:1"));
        problem(get(first, "/a/stats"), 503, "OWNER_UNREACHABLE");
        hand.node(node("node-3", "nonsense"));
        assertThat(get(first, "/a/stats").statusCode()).isIn(502, 503);
    }

    @Test
    void a_request_is_passed_on_once() {
        running(new ExecutionId("b"), "node-2");
        hand.node(node("node-2", "http://127.0.0.1:" + first.actualPort()));
        problem(get(first, "/b/stats"), 502, "NOT_THE_OWNER");
    }

    private HttpServer serve(String node, OwnExecutions own) {
        HttpSettings settings = HttpSettings.defaults();
        Router router = Router.router(vertx);
        Problems.mount(router);
        router.route().handler(new Guard(settings)::check);
        new OwnRoutes(
                        board,
                        new NodeId(node),
                        own,
                        new Forwarding(vertx, board),
                        settings.maxBodyBytes())
                .mount(router);
        return vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
    }

    private void running(ExecutionId id, String node) {
        hand.status(Samples.status(id, new NodeId(node), 1, ExecutionState.RUNNING, LOG));
    }

    private static NodeStatus node(String id, @Nullable String url) {
        NodeStatus sample = Samples.node(id, Instant.now());
        return new NodeStatus(
                sample.nodeId(),
                sample.version(),
                url,
                sample.state(),
                null,
                sample.capacity(),
                sample.allocated(),
                0,
                0,
                sample.labels(),
                sample.heartbeat());
    }

    private static String problem(HttpResponse<String> response, int status, String code) {
        assertThat(response.body()).contains("\"code\":\"" + code + "\"");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        return response.body();
    }

    private HttpResponse<String> get(HttpServer server, String path) {
        return send(request(server, path).GET().build());
    }

    private HttpResponse<String> post(HttpServer server, String path, String body) {
        return send(
                request(server, path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private static HttpRequest.Builder request(HttpServer server, String path) {
        return HttpRequest.newBuilder(
                        URI.create(
                                "http://127.0.0.1:"
                                        + server.actualPort()
                                        + "/api/v1/executions"
                                        + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers as told. */
    private static class Owner implements OwnExecutions {
        final CompletableFuture<Boolean> closed = new CompletableFuture<>();
        volatile boolean endless;
        volatile @Nullable RuntimeException failure;

        @Override
        public Future<ExecAnswer> exec(ExecutionId executionId, List<String> command) {
            return answer(new ExecAnswer(3, command.toString(), "é", true));
        }

        @Override
        public Future<LiveUsage> stats(ExecutionId executionId) {
            return answer(new LiveUsage(Instant.EPOCH, 1_500_000_000, 2, 3, 4, 7, 8, 9, 10, 11));
        }

        @Override
        public Future<Download> output(ExecutionId executionId, String name) {
            return answer(
                    new Download(
                            endless ? ScriptedStream.endless() : new ScriptedStream(),
                            () -> closed.complete(true)));
        }

        private <T> Future<T> answer(T given) {
            RuntimeException failed = failure;
            return failed == null ? Future.succeededFuture(given) : Future.failedFuture(failed);
        }
    }

    /** Owns nothing. */
    private static final class Stranger extends Owner {
        Stranger() {
            failure = new OwnRefusal(RefusalCode.INVALID_FIELD, "this node was asked by mistake");
        }
    }
}
