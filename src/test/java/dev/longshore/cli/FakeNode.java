package dev.longshore.cli;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** An HTTP side that says what a test tells it to, on a free port of the loopback address. */
final class FakeNode implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile BiConsumer<Integer, ServerWebSocket> logs = (number, socket) -> socket.close();

    /**
     * One answer.
     *
     * @param status HTTP status
     * @param body its body
     */
    record Answer(int status, String body) {}

    FakeNode() {
        server =
                vertx.createHttpServer()
                        .requestHandler(this::answer)
                        .webSocketHandler(
                                socket -> {
                                    requests.add("WS " + socket.uri());
                                    logs.accept(connections.incrementAndGet(), socket);
                                });
        server.listen(0, "127.0.0.1").await();
    }

    /** What {@code method path} (without {@code /api/v1/}) is answered with. */
    FakeNode answers(String request, int status, String body) {
        answers.put(request, new Answer(status, body));
        return this;
    }

    /** What happens on each connection to a log, the first being number 1. */
    FakeNode logs(BiConsumer<Integer, ServerWebSocket> behaviour) {
        logs = behaviour;
        return this;
    }

    /** Each request so far, as {@code POST /api/v1/executions <body>}. */
    List<String> requests() {
        return requests;
    }

    Map<String, String> environment() {
        return Map.of("LONGSHORE_URL", "http://127.0.0.1:" + server.actualPort());
    }

    private void answer(HttpServerRequest request) {
        request.body()
                .onSuccess(
                        body -> {
                            requests.add(
                                    request.method()
                                            + " "
                                            + request.uri()
                                            + (body.length() == 0 ? "" : " " + body));
                            String path = request.uri().replaceFirst("^/api/v1/", "");
                            Answer answer =
                                    answers.getOrDefault(
                                            request.method() + " " + path,
                                            new Answer(
                                                    404,
                                                    "{\"detail\":\"no "
                                                            + path
                                                            + "\",\"code\":\"NOT_FOUND\"}"));
                            request.response().setStatusCode(answer.status()).end(answer.body());
                        });
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
