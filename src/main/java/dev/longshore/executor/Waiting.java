package dev.longshore.executor;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/** One who waits for the end of an execution; any number may wait for the same one. */
public final class Waiting {
    private final ExecutionId executionId;
    private final Promise<ExecutionResult> result = Promise.promise();

    Waiting(ExecutionId executionId, Future<ExecutionResult> end) {
        this.executionId = executionId;
        end.onSuccess(result::tryComplete).onFailure(result::tryFail);
    }

    static Waiting failed(ExecutionId executionId, ExecutorFailure failure) {
        Waiting waiting = new Waiting(executionId, Promise.<ExecutionResult>promise().future());
        waiting.result.fail(failure);
        return waiting;
    }

    /**
     * The result once there is one; fails with {@link ExecutorFailure.WaitCancelled} after {@link
     * #cancel()}.
     */
    public Future<ExecutionResult> result() {
        return result.future();
    }

    /** Waits no longer; the execution itself is not touched. Changes nothing after the result. */
    public void cancel() {
        result.tryFail(new ExecutorFailure.WaitCancelled(executionId));
    }
}
