package dev.longshore.docker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import java.util.Map;

/**
 * Waits for one container's exit without a thread. A stream that breaks says nothing about the
 * container: inspect decides, and while the container lives the wait goes on. Runs on one context.
 */
final class ExitWait {
    private static final long FIRST_WAIT_MS = 100;
    private static final long MOST_WAIT_MS = 5_000;

    private final EngineHttp http;
    private final Inspection inspection;
    private final Context context;
    private final String containerId;
    private final Promise<Integer> exit = Promise.promise();
    private long waitMs = FIRST_WAIT_MS;

    ExitWait(EngineHttp http, Inspection inspection, Context context, String containerId) {
        this.http = http;
        this.inspection = inspection;
        this.context = context;
        this.containerId = containerId;
    }

    Future<Integer> start() {
        ask();
        return exit.future();
    }

    private void ask() {
        http.open(
                        HttpMethod.POST,
                        "/containers/" + containerId + "/wait?condition=not-running",
                        Map.of(),
                        inspection.deadline())
                .compose(ExitWait::body)
                .map(body -> body.toJsonObject().getInteger("StatusCode"))
                .onComplete(
                        answered -> {
                            if (answered.succeeded() && answered.result() != null) {
                                exit.tryComplete(answered.result());
                            } else {
                                look();
                            }
                        });
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        Future<Buffer> body = response.body();
        response.resume();
        return body;
    }

    private void look() {
        inspection
                .inspect()
                .apply(containerId)
                .onComplete(
                        looked -> {
                            if (looked.succeeded() && !looked.result().alive()) {
                                exit.tryComplete(looked.result().exitCode());
                            } else if (looked.cause() instanceof DockerFailure.NoSuchContainer
                                    || http.isClosed()) {
                                exit.tryFail(
                                        looked.failed()
                                                ? looked.cause()
                                                : new DockerFailure.Unreachable(
                                                        "the client of the engine is closed"));
                            } else {
                                context.owner().setTimer(waitMs, _ -> ask());
                                waitMs = Math.min(MOST_WAIT_MS, 2 * waitMs);
                            }
                        });
    }
}
