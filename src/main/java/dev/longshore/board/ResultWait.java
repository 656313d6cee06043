package dev.longshore.board;

import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionResult;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * Somebody waits for the end of an execution. Whoever opened it closes it, in every case: an open
 * wait is kept by the board. Used on the context that opened it.
 */
public final class ResultWait implements AutoCloseable {
    private final Promise<ExecutionResult> promise = Promise.promise();
    private Watch watch = () -> {};

    ResultWait() {}

    /**
     * Succeeds with the result on the context that opened the wait; never fails, and stays open
     * once closed.
     */
    public Future<ExecutionResult> result() {
        return promise.future();
    }

    @Override
    public void close() {
        watch.close();
    }

    void watch(Watch open) {
        watch = open;
    }

    void seen(Execution execution) {
        ExecutionResult result = execution.result();
        if (result != null) {
            close();
            promise.tryComplete(result);
        }
    }
}
