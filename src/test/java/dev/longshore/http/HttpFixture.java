package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.board.BoardSettings;
import dev.longshore.board.BoardVerticle;
import dev.longshore.board.Samples;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.EventSink.Finale;
import dev.longshore.kafka.KafkaClients;
import dev.longshore.kafka.KafkaEventSink;
import dev.longshore.kafka.KafkaLineSink;
import dev.longshore.kafka.KafkaSettings;
import dev.longshore.kafka.TopicSetup;
import dev.longshore.testing.TestBroker;
import dev.longshore.wire.EventCodec;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A node's HTTP side against a real broker, and hands that write to the topics as a node would. */
final class HttpFixture implements AutoCloseable {
    private static final AtomicInteger IDS = new AtomicInteger();
    private static final long DEADLINE_SECONDS = 60;

    final KafkaSettings kafka = TestBroker.settings();
    final Vertx vertx = Vertx.vertx();
    final Board board;
    final AtomicReference<List<HealthCheck>> checks = new AtomicReference<>(List.of());
    final HttpClient client = HttpClient.newHttpClient();
    final WebSocketClient sockets;
    final int port;
    final Set<String> operations;
    final String httpDeployment;
    private final Context node = vertx.getOrCreateContext();
    private final KafkaEventSink events;
    private final KafkaLineSink lines;

    HttpFixture() {
        this(HttpSettings.defaults());
    }

    HttpFixture(HttpSettings settings) {
        this(settings, BoardSettings.defaults());
    }

    HttpFixture(HttpSettings settings, BoardSettings kept) {
        EventCodec codec = new EventCodec();
        await(new TopicSetup(node, kafka).ensure());
        events = new KafkaEventSink(node, kafka, codec);
        lines = new KafkaLineSink(node, kafka, codec);
        board = new Board(vertx, kept);
        await(vertx.deployVerticle(new BoardVerticle(board, new KafkaClients(kafka))));
        HttpVerticle http =
                new HttpVerticle(board, settings.at("127.0.0.1", 0), kafka, checks::get);
        httpDeployment = await(vertx.deployVerticle(http));
        port = http.port();
        operations = http.operations();
        sockets =
                vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(1_000));
        until(board::caughtUp);
    }

    @Override
    public void close() {
        client.close();
        call(() -> Future.join(events.close(), lines.close()));
        await(vertx.close());
    }

    static ExecutionId newId() {
        return new ExecutionId("exec-" + IDS.incrementAndGet());
    }

    /** An execution that runs: its log can be written. */
    LogPosition running(ExecutionId id) {
        LogPosition log = call(() -> lines.position(id));
        status(id, 1, ExecutionState.ACCEPTED, null);
        status(id, 2, ExecutionState.STARTING, null);
        status(id, 3, ExecutionState.RUNNING, log);
        return log;
    }

    void status(ExecutionId id, long sequence, ExecutionState state, @Nullable LogPosition log) {
        said(Samples.status(id, sequence, state, log));
    }

    /** Says this and waits until the board has it. */
    void said(StatusEvent event) {
        call(() -> events.status(event, null));
        until(
                () -> {
                    Execution known = board.find(event.executionId());
                    return known != null && known.latest().sequence() >= event.sequence();
                });
    }

    void write(List<? extends LogRecord> batch) {
        call(() -> lines.write(batch));
    }

    void finish(ExecutionId id, LogPosition log, int exitCode, long count) {
        ExecutionState state = exitCode == 0 ? ExecutionState.SUCCEEDED : ExecutionState.FAILED;
        call(
                () ->
                        events.finish(
                                new Finale(
                                        Samples.status(id, 9, state, log),
                                        Samples.result(id, exitCode, log, count),
                                        Samples.end(id, count),
                                        null)));
    }

    void known(NodeStatus status) {
        call(() -> events.node(status));
        until(() -> board.node(status.nodeId()) != null);
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(DEADLINE_SECONDS));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonObject json(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }

    <T> T call(Supplier<Future<T>> step) {
        CompletableFuture<T> done = new CompletableFuture<>();
        node.runOnContext(v -> step.get().onComplete(done::complete, done::completeExceptionally));
        return done.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not happen within " + DEADLINE_SECONDS + " s");
            }
            Thread.onSpinWait();
        }
    }
}
