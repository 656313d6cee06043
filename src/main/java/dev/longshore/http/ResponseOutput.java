package dev.longshore.http;

import dev.longshore.board.TailRecord;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * A log as the body of a response. One that is cut off shows as cut off: its last chunk never
 * comes.
 */
final class ResponseOutput implements TailOutput {
    private static final int WRITE_QUEUE_BYTES = 64 << 10;

    private final HttpServerResponse response;
    private final LogForm form;

    ResponseOutput(HttpServerResponse response, LogForm form) {
        this.response = response;
        this.form = form;
        response.setChunked(true)
                .setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .putHeader("Content-Type", form.contentType())
                .putHeader("Cache-Control", "no-store, no-transform")
                .putHeader("X-Accel-Buffering", "no");
    }

    @Override
    public boolean full() {
        return response.closed() || response.writeQueueFull();
    }

    @Override
    public void write(Buffer records) {
        response.write(records);
    }

    @Override
    public void ping() {
        if (form == LogForm.EVENTS && !full()) {
            response.write(Buffer.buffer(": ping\n\n"));
        }
    }

    @Override
    public void end(TailRecord.Last last) {
        if (response.closed() || response.ended()) {
            return;
        }
        if (last instanceof TailRecord.Broken && !response.headWritten()) {
            response.setChunked(false);
            response.headers().remove("Transfer-Encoding");
            Problem.unavailable("The log cannot be read now.").write(response);
        } else if (last instanceof TailRecord.Broken) {
            response.reset();
        } else {
            response.end();
        }
    }

    @Override
    public void gone() {
        if (!response.closed() && !response.ended()) {
            response.end();
        }
    }

    @Override
    public void stalled() {
        response.reset();
    }

    @Override
    public void goingAway() {
        if (form == LogForm.EVENTS && !response.closed() && !response.ended()) {
            // The browser connects again by itself.
            response.end();
        } else {
            response.reset();
        }
    }
}
