package dev.longshore.docker;

import com.github.dockerjava.api.exception.NotFoundException;

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

    Future<Void> start(Questions questions) {
        return questions
                .<Void>askStop(
                        what,
                        engine -> {
                            try {
                                return engine.client()
                                        .removeContainerCmd(containerId)
                                        .withForce(true)
                                        .withRemoveVolumes(true)
                                        .exec();
                            } catch (NotFoundException e) {
                                return null; // gone: what was asked for
                            }
                        })
                .recover(
                        e ->
                                e instanceof DockerFailure failure
                                                && DockerFailures.removalInProgress(failure)
                                        ? gone()
                                        : Future.failedFuture(e));
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
