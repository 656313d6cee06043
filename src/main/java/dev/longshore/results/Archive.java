package dev.longshore.results;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import org.jspecify.annotations.Nullable;

/**
 * A collected output as a tar, read from the disk only as fast as it is taken: a reader that is
 * slow holds a file open, but no thread. Used on the context that asked for it. Closes itself at
 * its end and after a failure; a reader that stops before calls {@link #close}.
 */
public final class Archive implements ReadStream<Buffer> {
    private final Context context;
    private final WorkerExecutor workers;
    private final TreeTar tar;
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private @Nullable Handler<Void> endHandler;
    private long demand = Long.MAX_VALUE;
    private boolean reading;
    private boolean closed;

    Archive(Context context, WorkerExecutor workers, TreeTar tar) {
        this.context = context;
        this.workers = workers;
        this.tar = tar;
    }

    @Override
    public Archive exceptionHandler(@Nullable Handler<Throwable> toCall) {
        exceptionHandler = toCall;
        return this;
    }

    @Override
    public Archive handler(@Nullable Handler<Buffer> toCall) {
        handler = toCall;
        read();
        return this;
    }

    @Override
    public Archive endHandler(@Nullable Handler<Void> toCall) {
        endHandler = toCall;
        return this;
    }

    @Override
    public Archive pause() {
        demand = 0;
        return this;
    }

    @Override
    public Archive resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public Archive fetch(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("amount must not be negative");
        }
        demand = demand > Long.MAX_VALUE - amount ? Long.MAX_VALUE : demand + amount;
        read();
        return this;
    }

    /** Reads no further and lets the files go; nobody is called any more. */
    public Future<Void> close() {
        if (closed) {
            return Future.succeededFuture();
        }
        closed = true;
        return workers.executeBlocking(
                () -> {
                    tar.close();
                    return null;
                },
                false);
    }

    private void read() {
        if (reading || closed || demand == 0 || handler == null) {
            return;
        }
        reading = true;
        // On the context, wherever the caller is: the answer has to come back to it.
        context.runOnContext(
                now ->
                        workers.executeBlocking(tar::next, false)
                                .onComplete(
                                        read -> {
                                            reading = false;
                                            if (read.succeeded()) {
                                                deliver(read.result());
                                            } else {
                                                fail(read.cause());
                                            }
                                        }));
    }

    private void deliver(@Nullable Buffer piece) {
        if (closed) {
            return;
        }
        if (piece != null) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            if (handler != null) {
                handler.handle(piece);
            }
            read();
            return;
        }
        end(endHandler, null);
    }

    private void fail(Throwable failure) {
        if (!closed) {
            end(exceptionHandler, Disk.failure(tar.tree(), failure));
        }
    }

    private <T> void end(@Nullable Handler<T> last, @Nullable T with) {
        close().onComplete(
                        done -> {
                            if (last != null) {
                                last.handle(with);
                            }
                        });
    }
}
