package dev.longshore.docker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Brings an answer to the context of the one who asked. */
final class Hop {
    private Hop() {}

    /** The same answer, given on {@code context} whichever thread {@code answer} completes on. */
    static <T> Future<T> to(Context context, Future<T> answer) {
        Promise<T> promise = Promise.promise();
        answer.onComplete(result -> context.runOnContext(_ -> promise.handle(result)));
        return promise.future();
    }
}
