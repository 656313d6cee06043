package dev.longshore.docker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A test that speaks from one Vert.x context and waits on its own thread. */
abstract class OnContext {
    Vertx vertx;
    Context context;

    @BeforeEach
    void openVertx() {
        vertx = Vertx.vertx();
        context = vertx.getOrCreateContext();
    }

    @AfterEach
    void closeVertx() {
        within60Seconds(vertx.close());
    }

    /** Asks on the context, and hands the answer to the test's thread. */
    final <T> T ask(Supplier<Future<T>> question) {
        return within60Seconds(asked(question));
    }

    /** Asks on the context and does not wait. */
    final <T> Future<T> asked(Supplier<Future<T>> question) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(_ -> question.get().onComplete(promise));
        return promise.future();
    }

    final <T> T await(Future<T> future) {
        return within60Seconds(future);
    }

    static <T> T within60Seconds(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within 60 s", e);
        }
    }
}
