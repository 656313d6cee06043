package dev.longshore.cli;

import org.jspecify.annotations.Nullable;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The text messages of a websocket as a queue. The next message is asked for when the one before
 * was taken, so a slow reader holds two messages at most and the node learns of it. The listener's
 * side runs on the client's threads, {@link #next} on the reader's.
 */
final class WebSocketLines implements WebSocket.Listener {
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final StringBuilder parts = new StringBuilder();
    private @Nullable WebSocket socket;
    private @Nullable CompletableFuture<WebSocket> closing;
    private volatile long lastSign = System.nanoTime();

    /** What came. */
    sealed interface Event {}

    /** A whole message. */
    record Text(String text) implements Event {}

    /** The end of the connection; code 1006 where it broke. */
    record Closed(int code, String reason) implements Event {}

    /** Tells the reader's side which socket it reads. */
    void opened(WebSocket opened) {
        socket = opened;
    }

    /**
     * The next thing that comes; {@link Closed} where nothing, not even a ping, came for {@code
     * silence}.
     */
    Event next(Duration silence) throws InterruptedException {
        while (true) {
            Event event = events.poll(1, TimeUnit.SECONDS);
            if (event instanceof Text && socket != null) {
                socket.request(1);
            }
            if (event != null) {
                return event;
            }
            if (System.nanoTime() - lastSign > silence.toNanos()) {
                return new Closed(1006, "nothing came for " + silence.toSeconds() + " s");
            }
        }
    }

    /** Ends the connection, without waiting; again is harmless. */
    void close() {
        if (closing != null) {
            return;
        }
        WebSocket open = socket;
        if (open != null && !open.isOutputClosed()) {
            closing =
                    open.sendClose(WebSocket.NORMAL_CLOSURE, "")
                            .whenComplete((done, failure) -> open.abort());
        }
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(2);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        lastSign = System.nanoTime();
        parts.append(data);
        if (last) {
            events.add(new Text(parts.toString()));
            parts.setLength(0);
        } else {
            from.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
        lastSign = System.nanoTime();
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        events.add(new Closed(code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        events.add(new Closed(1006, String.valueOf(error.getMessage())));
    }
}
