package dev.longshore.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A client that follows a log by websocket. Used on the test's thread. */
final class SocketReader {
    private static final long DEADLINE_SECONDS = 60;

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger pings = new AtomicInteger();
    private final AtomicInteger largest = new AtomicInteger();
    private final List<JsonObject> records = new ArrayList<>();
    private final WebSocket socket;

    private SocketReader(WebSocket socket) {
        this.socket = socket;
    }

    static SocketReader open(HttpFixture fixture, String path) {
        WebSocketConnectOptions options =
                new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(fixture.port)
                        .setURI(path);
        return HttpFixture.await(
                fixture.sockets
                        .connect(options)
                        .map(
                                socket -> {
                                    // In the same turn as the upgrade: no message is missed.
                                    SocketReader reader = new SocketReader(socket);
                                    socket.textMessageHandler(
                                            message -> {
                                                reader.largest.accumulateAndGet(
                                                        message.length(), Math::max);
                                                reader.messages.add(message);
                                            });
                                    socket.frameHandler(
                                            frame -> {
                                                if (frame.isPing()) {
                                                    reader.pings.incrementAndGet();
                                                }
                                            });
                                    socket.closeHandler(v -> reader.closed.countDown());
                                    return reader;
                                }));
    }

    WebSocket socket() {
        return socket;
    }

    void pause() {
        socket.pause();
    }

    void resume() {
        socket.resume();
    }

    void leave() {
        HttpFixture.await(socket.close());
    }

    /** Reads on until a record is such. */
    void until(Predicate<JsonObject> such) {
        while (records.isEmpty() || !such.test(records.getLast())) {
            int before = records.size();
            take();
            for (int i = before; i < records.size(); i++) {
                if (such.test(records.get(i))) {
                    return;
                }
            }
        }
    }

    void untilClosed() {
        try {
            assertThat(closed.await(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .as("closed after %s", types())
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        while (!messages.isEmpty()) {
            take();
        }
    }

    List<JsonObject> records() {
        return records;
    }

    List<String> types() {
        return records.stream().map(r -> r.getString("type")).toList();
    }

    List<Long> seqs() {
        return records.stream()
                .filter(r -> r.containsKey("seq"))
                .map(r -> r.getLong("seq"))
                .toList();
    }

    int closeCode() {
        return socket.closeStatusCode();
    }

    int pings() {
        return pings.get();
    }

    int largestMessage() {
        return largest.get();
    }

    private void take() {
        try {
            String message = messages.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(message)
                    .as("a record after %s", records.isEmpty() ? "" : records.getLast())
                    .isNotNull();
            message.lines().map(JsonObject::new).forEach(records::add);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
