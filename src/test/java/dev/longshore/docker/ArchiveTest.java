package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What is copied out of an engine that answers what the test says. */
class ArchiveTest extends OnContext {
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Promise<Void> hungUp = Promise.promise();
    private final Promise<HttpServerResponse> opened = Promise.promise();
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
                                .withDeadline(SILENCE));
        // The first call loads classes, which may take longer than this deadline: its answer does
        // not matter.
        ask(() -> docker.inspectImage("x").transform(_ -> Future.succeededFuture()));
    }

    @AfterEach
    void closeServer() {
        ask(docker::close);
        ask(server::close);
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (request.path().equals("/version")) {
            response.end("{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}");
            return;
        }
        if (!request.path().endsWith("/archive")) {
            response.setStatusCode(404).end();
            return;
        }
        asked.add(request.uri());
        response.exceptionHandler(_ -> hungUp.tryComplete());
        response.closeHandler(_ -> hungUp.tryComplete());
        response.setChunked(true).write("first");
        opened.complete(response);
    }

    private Archive open() {
        return ask(() -> docker.copyOut("c", "/a b/\u00e9+"));
    }

    /** Reads on; completes with the first failure or the end. */
    private Future<Buffer> readAll(Archive archive) {
        return asked(
                () -> {
                    Promise<Buffer> read = Promise.promise();
                    Buffer all = Buffer.buffer();
                    archive.handler(all::appendBuffer);
                    archive.exceptionHandler(read::tryFail);
                    archive.endHandler(_ -> read.tryComplete(all));
                    archive.resume();
                    return read.future();
                });
    }

    @Test
    void asks_for_the_path_and_gives_its_bytes_to_the_end() {
        Future<Buffer> read = readAll(open());
        await(opened.future()).end("second");
        assertThat(await(read).toString()).isEqualTo("firstsecond");
        assertThat(asked).containsExactly("/v1.41/containers/c/archive?path=%2Fa+b%2F%C3%A9%2B");
    }

    @Test
    void an_engine_that_falls_silent_while_it_is_asked_is_unreachable() {
        Future<Buffer> read = readAll(open());
        assertThatThrownBy(() -> await(read))
                .isInstanceOf(DockerFailure.Unreachable.class)
                .hasMessageContaining("silent for 1 s");
        await(hungUp.future());
    }

    @Test
    void an_archive_that_is_paused_waits_as_long_as_it_takes() {
        Archive archive = open();
        ask(() -> vertx.timer(2 * SILENCE.toMillis()));
        Future<Buffer> read = readAll(archive);
        await(opened.future()).end();
        assertThat(await(read).toString()).isEqualTo("first");
    }

    @Test
    void a_connection_that_breaks_before_anybody_reads_is_told_once_somebody_does() {
        Archive archive = open();
        HttpServerResponse response = await(opened.future());
        ask(
                () -> {
                    response.reset();
                    return hungUp.future();
                });
        Future<Buffer> read = readAll(archive);
        assertThatThrownBy(() -> await(read)).isInstanceOf(DockerFailure.Unreachable.class);
    }

    @Test
    void a_close_hangs_up_and_nobody_is_called() {
        Archive archive = open();
        Future<Buffer> read = readAll(archive);
        ask(
                () -> {
                    archive.close();
                    archive.close();
                    return Future.succeededFuture();
                });
        await(hungUp.future());
        assertThat(read.isComplete()).isFalse();
    }
}
