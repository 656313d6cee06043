package dev.longshore.docker;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Removes one container. Somebody else's removal that is under way is waited for: the end of it is
 * ours too.
 */
final class Removal {
    private static final long GONE_POLL_MS = 100;

    private final Vertx vertx;
    private final Docker docker;
    private final String what;
    private final String containerId;
    private final long deadline;

    /**
     * @param limit how long somebody else's removal may take
     */
    Removal(Vertx vertx, Docker docker, String containerId, Duration limit) {
        this.vertx = vertx;
        this.docker = docker;
        this.what = "remove container " + containerId;
        this.containerId = containerId;
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    Future<Void> start(ContainerCalls calls) {
        return calls.remove(what, containerId)
                .recover(
                        e -> {
                            if (isGone(e)) {
                                return Future.succeededFuture(); // what was asked for
                            }
                            return e instanceof DockerFailure failure
                                            && DockerFailures.removalInProgress(failure)
                                    ? gone()
                                    : Future.failedFuture(e);
                        });
    }

    private static boolean isGone(Throwable failure) {
        return failure instanceof DockerFailure.NoSuchContainer
                || (failure instanceof DockerFailure.Refused refused && refused.status() == 404);
    }

    private Future<Void> gone() {
        return docker.inspect(containerId)
                .transform(
                        looked -> {
                            if (looked.cause() instanceof DockerFailure.NoSuchContainer) {
                                return Future.succeededFuture();
                            }
                            if (System.nanoTime() - deadline > 0) {
                                return Future.failedFuture(
                                        new DockerFailure.Unreachable(
                                                what + ": its removal does not come to an end"));
                            }
                            return vertx.timer(GONE_POLL_MS, TimeUnit.MILLISECONDS)
                                    .compose(_ -> gone());
                        });
    }
}
