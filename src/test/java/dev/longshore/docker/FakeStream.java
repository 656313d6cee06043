package dev.longshore.docker;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** Bytes as a stream in pieces, paused at first; lives on one context. */
final class FakeStream implements ReadStream<Buffer> {
    private static final int PIECE = 8192;

    private final Context context;
    private final byte[] bytes;
    private int next;
    private long demand;
    private boolean ended;
    private @Nullable Handler<Buffer> taker;
    private @Nullable Handler<Void> end;

    FakeStream(Context context, byte[] bytes) {
        this.context = context;
        this.bytes = bytes;
    }

    @Override
    public FakeStream exceptionHandler(@Nullable Handler<Throwable> handler) {
        return this; // nothing can go wrong
    }

    @Override
    public FakeStream handler(@Nullable Handler<Buffer> handler) {
        taker = handler;
        return this;
    }

    @Override
    public FakeStream endHandler(@Nullable Handler<Void> handler) {
        end = handler;
        return this;
    }

    @Override
    public FakeStream pause() {
        demand = 0;
        return this;
    }

    @Override
    public FakeStream resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public FakeStream fetch(long amount) {
        demand = amount > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + amount;
        context.runOnContext(_ -> give());
        return this;
    }

    private void give() {
        if (demand == 0 || ended) {
            return;
        }
        if (next >= bytes.length) {
            ended = true;
            if (end != null) {
                end.handle(null);
            }
            return;
        }
        int to = Math.min(bytes.length, next + PIECE);
        Buffer piece = Buffer.buffer(Arrays.copyOfRange(bytes, next, to));
        next = to;
        demand -= demand == Long.MAX_VALUE ? 0 : 1;
        if (taker != null) {
            taker.handle(piece);
        }
        context.runOnContext(_ -> give());
    }
}
