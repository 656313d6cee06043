package dev.longshore.bus;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import org.jspecify.annotations.Nullable;

/** Gives {@code 0 }, {@code 1 }, …, one for each that is asked for, then its end. */
public final class ScriptedStream implements ReadStream<Buffer> {
    static final int BUFFERS = 100;

    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private volatile int given;
    private boolean paused;

    private int most = BUFFERS;

    /** One that never ends, as far as a test lives. */
    public static ScriptedStream endless() {
        ScriptedStream stream = new ScriptedStream();
        stream.most = Integer.MAX_VALUE;
        return stream;
    }

    /** How many buffers were taken. */
    int given() {
        return given;
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> each) {
        handler = each;
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> end) {
        endHandler = end;
        return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> failure) {
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        paused = true;
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        paused = false;
        for (long left = amount; left > 0 && given < most && !paused && handler != null; left--) {
            int number = given;
            given = number + 1;
            handler.handle(Buffer.buffer(number + " "));
        }
        if (given == most && endHandler != null) {
            Handler<Void> end = endHandler;
            endHandler = null;
            end.handle(null);
        }
        return this;
    }
}
