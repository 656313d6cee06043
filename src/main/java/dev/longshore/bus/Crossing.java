package dev.longshore.bus;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import org.jspecify.annotations.Nullable;

/**
 * A stream of one context, read on another: a buffer is asked for only when the reader wants it, so
 * at most one is on its way. Its methods are the reader's; what the owner's stream needs is called
 * on the owner's context.
 */
final class Crossing implements ReadStream<Buffer> {
    private final Question.Offered offered;
    private final Context reader;
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private @Nullable Buffer held;
    private long demand;
    private boolean asked;
    private boolean ended;
    private boolean over;

    private Crossing(Question.Offered offered, Context reader) {
        this.offered = offered;
        this.reader = reader;
    }

    /** What was offered, as a download of the reader's. */
    static Download download(Question.Offered offered, Context reader) {
        Crossing crossing = new Crossing(offered, reader);
        offered.owner().runOnContext(v -> crossing.attach());
        return new Download(crossing, crossing::close);
    }

    /** On the owner's context. */
    private void attach() {
        ReadStream<Buffer> source = offered.download().bytes();
        source.pause();
        source.exceptionHandler(failure -> reader.runOnContext(v -> failed(failure)));
        source.endHandler(end -> reader.runOnContext(v -> ended()));
        source.handler(bytes -> reader.runOnContext(v -> arrived(bytes)));
    }

    private void close() {
        over = true;
        held = null;
        offered.close();
    }

    private void arrived(Buffer bytes) {
        asked = false;
        if (!over) {
            held = bytes;
            pump();
        }
    }

    private void ended() {
        ended = true;
        pump();
    }

    private void failed(Throwable failure) {
        if (!over) {
            over = true;
            if (exceptionHandler != null) {
                exceptionHandler.handle(failure);
            }
        }
    }

    private void pump() {
        Buffer next = held;
        if (next != null && demand > 0 && handler != null) {
            held = null;
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            handler.handle(next);
        }
        if (over || held != null) {
            return;
        }
        if (ended) {
            over = true;
            if (endHandler != null) {
                endHandler.handle(null);
            }
        } else if (demand > 0 && !asked && handler != null) {
            asked = true;
            offered.owner().runOnContext(v -> offered.download().bytes().fetch(1));
        }
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> each) {
        handler = each;
        pump();
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> end) {
        endHandler = end;
        return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> failure) {
        exceptionHandler = failure;
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        demand = 0;
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        demand = Long.MAX_VALUE - amount < demand ? Long.MAX_VALUE : demand + amount;
        pump();
        return this;
    }
}
