package dev.longshore.results;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Hands out pieces on its context for as long as it is not paused, and then ends, fails, or says
 * nothing more.
 */
class ScriptedStream implements ReadStream<Buffer>, AutoCloseable {
    private static final int PIECE_BYTES = 10_000;

    private final Context context;
    private final Supplier<@Nullable Buffer> pieces;
    private final Promise<Long> closed = Promise.promise();
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private @Nullable Throwable failure;
    private boolean flowing;
    private boolean scheduled;
    private boolean over;
    private long given;
    private int pauses;

    /** A supplier answers null at the end. */
    ScriptedStream(Context context, Supplier<@Nullable Buffer> pieces) {
        this.context = context;
        this.pieces = pieces;
    }

    static ScriptedStream of(Context context, byte[] content) {
        int[] at = new int[1];
        return new ScriptedStream(
                context,
                () -> {
                    int from = at[0];
                    at[0] = Math.min(content.length, from + PIECE_BYTES);
                    return from == at[0]
                            ? null
                            : Buffer.buffer(Arrays.copyOfRange(content, from, at[0]));
                });
    }

    ScriptedStream failingWith(Throwable atTheEnd) {
        failure = atTheEnd;
        return this;
    }

    /** How many bytes had been given when it was closed before its end. */
    Promise<Long> closed() {
        return closed;
    }

    int pauses() {
        return pauses;
    }

    long given() {
        return given;
    }

    private void next() {
        if (!scheduled && flowing && !over) {
            scheduled = true;
            context.runOnContext(
                    _ -> {
                        scheduled = false;
                        if (flowing && !over) {
                            give(pieces.get());
                            next();
                        }
                    });
        }
    }

    private void give(@Nullable Buffer piece) {
        if (piece != null) {
            given += piece.length();
            if (handler != null) {
                handler.handle(piece);
            }
            return;
        }
        over = true;
        if (failure != null && exceptionHandler != null) {
            exceptionHandler.handle(failure);
        } else if (endHandler != null) {
            endHandler.handle(null);
        }
    }

    @Override
    public ScriptedStream exceptionHandler(@Nullable Handler<Throwable> toCall) {
        exceptionHandler = toCall;
        return this;
    }

    @Override
    public ScriptedStream handler(@Nullable Handler<Buffer> toCall) {
        handler = toCall;
        return this;
    }

    @Override
    public ScriptedStream endHandler(@Nullable Handler<Void> toCall) {
        endHandler = toCall;
        return this;
    }

    @Override
    public ScriptedStream pause() {
        flowing = false;
        pauses++;
        return this;
    }

    @Override
    public ScriptedStream resume() {
        flowing = true;
        next();
        return this;
    }

    @Override
    public ScriptedStream fetch(long amount) {
        return resume();
    }

    @Override
    public void close() {
        over = true;
        closed.tryComplete(given);
    }
}
