package dev.longshore.docker;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * A tar on its way out of a container. Paused at first; nothing is read from the engine beyond what
 * is asked for. Every method is called on the context that asked for it, and so is every handler.
 *
 * <p>Fails with a {@link DockerFailure}, once: {@link DockerFailure.Unreachable} where the engine
 * broke off, or said nothing for as long as a call may take while it was asked for more. While it
 * is paused no time counts: who does not read on has to {@link #close()} it. An engine that fails
 * in the middle may end its answer as if it were whole: only a tar that has its end mark is.
 */
public final class Archive implements ReadStream<Buffer> {
    private final Context context;
    private final String what;
    private final ReadStream<Buffer> source;
    private final Runnable reset;
    private final Duration silence;
    private final long watch;

    private @Nullable Handler<Throwable> failed;
    private @Nullable Handler<Buffer> taker;
    private @Nullable Handler<Void> end;
    private @Nullable DockerFailure failure;
    private boolean ended;
    private long demand;
    private long heardAt = System.nanoTime();

    /**
     * Takes over a stream that is paused. On {@code context}.
     *
     * @param what in words, what is read
     * @param reset hangs up
     * @param silence how long the engine may say nothing
     */
    Archive(
            Context context,
            String what,
            ReadStream<Buffer> source,
            Runnable reset,
            Duration silence) {
        this.context = context;
        this.what = what;
        this.source = source;
        this.reset = reset;
        this.silence = silence;
        source.exceptionHandler(e -> fail(DockerFailures.of(what, e)));
        source.endHandler(_ -> ended());
        source.handler(this::chunk);
        this.watch =
                context.owner()
                        .setPeriodic(Math.max(1, silence.toMillis() / 4), _ -> listenForSilence());
    }

    @Override
    public Archive exceptionHandler(@Nullable Handler<Throwable> handler) {
        failed = handler;
        if (failure != null) {
            tellFailure(); // it came before anybody listened
        }
        return this;
    }

    @Override
    public Archive handler(@Nullable Handler<Buffer> handler) {
        taker = handler;
        return this;
    }

    @Override
    public Archive endHandler(@Nullable Handler<Void> handler) {
        end = handler;
        return this;
    }

    @Override
    public Archive pause() {
        demand = 0;
        source.pause();
        return this;
    }

    @Override
    public Archive resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public Archive fetch(long amount) {
        if (demand == 0) {
            heardAt = System.nanoTime();
        }
        demand = amount > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + amount;
        source.fetch(amount);
        return this;
    }

    /** Hangs up where it has not ended; nobody is called any more. May be called twice. */
    public void close() {
        failed = null;
        if (finish()) {
            reset.run();
        }
    }

    private void chunk(Buffer buffer) {
        heardAt = System.nanoTime();
        if (demand < Long.MAX_VALUE) {
            demand--;
        }
        if (!ended && taker != null) {
            taker.handle(buffer);
        }
    }

    private void ended() {
        if (finish() && end != null) {
            end.handle(null);
        }
    }

    private void listenForSilence() {
        if (demand > 0 && System.nanoTime() - heardAt > silence.toNanos()) {
            fail(new DockerFailure.Unreachable(DockerFailures.silent(what, silence)));
            reset.run();
        }
    }

    private void fail(DockerFailure broken) {
        if (finish()) {
            failure = broken;
            tellFailure();
        }
    }

    private void tellFailure() {
        context.runOnContext(
                _ -> {
                    if (failed != null && failure != null) {
                        DockerFailure told = failure;
                        failure = null;
                        failed.handle(told);
                    }
                });
    }

    /** Whether it went on until now. */
    private boolean finish() {
        boolean first = !ended;
        ended = true;
        context.owner().cancelTimer(watch);
        return first;
    }
}
