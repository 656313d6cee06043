package dev.longshore.docker;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * One response with a container's log, from its first byte to whichever of its ends comes first.
 * All of it runs on the context that asked for the response.
 */
final class LogReading {
    /** So many are handed on at once, whatever else is on its way. */
    private static final int MOST_BYTES = 256 << 10;

    private final Context context;
    private final String what;
    private final HttpClientResponse response;
    private final Listener listener;
    private final FrameDecoder decoder = new FrameDecoder();
    private boolean ended;
    private boolean batchDue;
    private int batchBytes;

    /**
     * Who listens.
     *
     * @param records takes each record; the bytes are only lent
     * @param batch called after the records of all that had arrived together: the engine sends each
     *     record as a piece of its own
     * @param end called once: null for an end as it should be, else what broke it
     */
    record Listener(
            FrameDecoder.Records records, Runnable batch, Consumer<@Nullable DockerFailure> end) {}

    LogReading(Context context, String what, HttpClientResponse response, Listener listener) {
        this.context = context;
        this.what = what;
        this.response = response;
        this.listener = listener;
    }

    /** Takes over a response that is paused. */
    void start(boolean paused) {
        response.exceptionHandler(e -> end(DockerFailures.of(what, e)));
        response.endHandler(_ -> cleanEnd());
        response.handler(this::chunk);
        if (!paused) {
            response.resume();
        }
    }

    void pause() {
        response.pause();
    }

    void resume() {
        response.resume();
    }

    /** Hangs up; nobody is called any more. */
    void close() {
        ended = true;
        response.request().reset();
    }

    private void chunk(Buffer buffer) {
        if (ended) {
            return;
        }
        try {
            decoder.feed(buffer.getBytes(), listener.records);
        } catch (IllegalStateException e) {
            listener.batch.run();
            close();
            listener.end.accept(
                    new DockerFailure.Refused(
                            DockerFailures.line(what + ": " + e.getMessage()), 500));
            return;
        }
        batchBytes += buffer.length();
        if (batchBytes >= MOST_BYTES) {
            batch();
        } else if (!batchDue) {
            batchDue = true;
            // After the other pieces of the same read, which are on their way to us already.
            context.runOnContext(
                    read -> {
                        batchDue = false;
                        batch();
                    });
        }
    }

    private void batch() {
        batchBytes = 0;
        if (!ended) {
            listener.batch.run();
        }
    }

    private void cleanEnd() {
        if (decoder.insideFrame()) {
            end(new DockerFailure.Unreachable(what + ": the stream ended within a record"));
            return;
        }
        if (!ended) {
            decoder.end(listener.records);
        }
        end(null);
    }

    private void end(@Nullable DockerFailure broken) {
        if (!ended) {
            ended = true;
            listener.batch.run();
            listener.end.accept(broken);
        }
    }
}
