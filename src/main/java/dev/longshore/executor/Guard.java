package dev.longshore.executor;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Catches what our own code throws where nobody else would: a listener of a future, or a timer,
 * that throws is told of in the log of Vert.x and nowhere else, and what it was to bring about
 * never comes. Each execution has a guard of its own, so that such a mistake ends that execution
 * and no other. Used on the executor's context.
 */
final class Guard {
    private static final Logger log = LoggerFactory.getLogger(Guard.class);

    private final String whose;
    private final Consumer<Throwable> onFault;

    /**
     * @param whose what it is that a fault is told of in the log
     * @param onFault told of each fault; must not throw
     */
    Guard(String whose, Consumer<Throwable> onFault) {
        this.whose = whose;
        this.onFault = onFault;
    }

    private void failed(Throwable fault) {
        log.error("{}: the node failed at it", whose, fault);
        onFault.accept(fault);
    }

    /** Takes a step. */
    void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error fault) {
            failed(fault);
        }
    }

    /** Takes a step that answers; where it fails the answer is this one. */
    boolean test(BooleanSupplier step, boolean otherwise) {
        try {
            return step.getAsBoolean();
        } catch (RuntimeException | Error fault) {
            failed(fault);
            return otherwise;
        }
    }

    /** The same listener, guarded. */
    <T extends @Nullable Object> Handler<T> of(Handler<? super T> listener) {
        return heard -> run(() -> listener.handle(heard));
    }

    /** Has the listener hear the answer, guarded. */
    <T extends @Nullable Object> void hear(Future<T> answer, Handler<AsyncResult<T>> listener) {
        answer.onComplete(of(listener));
    }

    /** The same timers, whose tasks are guarded. */
    Timers of(Timers timers) {
        return new Timers() {
            @Override
            public Timer after(Duration delay, Runnable task) {
                return timers.after(delay, () -> run(task));
            }

            @Override
            public Instant now() {
                return timers.now();
            }

            @Override
            public long nanoTime() {
                return timers.nanoTime();
            }
        };
    }
}
