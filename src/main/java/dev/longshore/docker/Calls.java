package dev.longshore.docker;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Blocking calls on a pool of fixed size, each under a deadline. May be used from any thread;
 * answers come on any.
 *
 * <p>docker-java has no read timeout over a unix socket, so the deadline is ours: when it passes,
 * the answer is {@link DockerFailure.Unreachable}, a call that still waits for a thread never runs,
 * and a thread that is blocked in the call is interrupted, which frees it. Calls that wait are
 * bounded too.
 */
final class Calls {
    /** Calls that may wait or run at once; beyond, a call fails at once. */
    static final int MOST_PENDING = 8192;

    private final Vertx vertx;
    private final WorkerExecutor pool;
    private final AtomicInteger pending = new AtomicInteger();

    Calls(Vertx vertx, String poolName, int threads) {
        this.vertx = vertx;
        this.pool = vertx.createSharedWorkerExecutor(poolName, threads);
    }

    /**
     * Runs {@code work} once, unless its deadline comes first; fails with what it threw, as it was
     * thrown.
     *
     * @param askedNanos {@link System#nanoTime()} from which the deadline counts
     */
    <T> Future<T> run(String what, Duration deadline, long askedNanos, Callable<T> work) {
        if (pending.incrementAndGet() > MOST_PENDING) {
            pending.decrementAndGet();
            return Future.failedFuture(
                    new DockerFailure.Unreachable(
                            what + ": " + MOST_PENDING + " calls wait for the engine already"));
        }
        Promise<T> answer = Promise.promise();
        Call<T> call = new Call<>(work);
        long leftMs = deadline.minusNanos(System.nanoTime() - askedNanos).toMillis();
        long timer =
                vertx.setTimer(
                        Math.max(1, leftMs),
                        _ -> {
                            call.expire();
                            answer.tryFail(
                                    new DockerFailure.Unreachable(
                                            what
                                                    + ": no answer from the engine within "
                                                    + deadline.toMillis()
                                                    + " ms"));
                        });
        submit(call)
                .onComplete(
                        result -> {
                            pending.decrementAndGet();
                            vertx.cancelTimer(timer);
                            EngineTimes.record(what, askedNanos, result.succeeded());
                            if (result.succeeded()) {
                                answer.tryComplete(result.result());
                            } else {
                                answer.tryFail(result.cause());
                            }
                        });
        return answer.future();
    }

    Future<Void> close() {
        return pool.close();
    }

    private <T> Future<T> submit(Call<T> call) {
        try {
            return pool.executeBlocking(call, false);
        } catch (RejectedExecutionException | IllegalStateException e) {
            return Future.failedFuture(
                    new DockerFailure.Unreachable("the client of the engine is closed"));
        }
    }

    /**
     * One call: interrupted at most while it runs, so that a thread never carries an interrupt to
     * the next call.
     */
    private static final class Call<T> implements Callable<T> {
        private final Callable<T> work;
        private @Nullable Thread thread;
        private boolean expired;

        Call(Callable<T> work) {
            this.work = work;
        }

        @Override
        public T call() throws Exception {
            synchronized (this) {
                if (expired) {
                    throw new DockerFailure.Unreachable("expired before its turn");
                }
                thread = Thread.currentThread();
            }
            try {
                return work.call();
            } finally {
                synchronized (this) {
                    thread = null;
                    Thread.interrupted();
                }
            }
        }

        synchronized void expire() {
            expired = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }
}
