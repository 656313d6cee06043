package dev.longshore.docker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.time.Duration;

/**
 * Ends one container: a signal, the grace period, SIGKILL. Signals and waits rather than asking the
 * engine to stop: its own stop holds a connection and a thread for the whole grace period, and
 * takes no signal before API 1.42.
 */
final class Stopping {
    private final Vertx vertx;
    private final Docker docker;
    private final String containerId;
    private final Duration afterKill;
    private final Promise<Void> stopped = Promise.promise();

    /**
     * @param afterKill how long the container may take to end after SIGKILL
     */
    Stopping(Vertx vertx, Docker docker, String containerId, Duration afterKill) {
        this.vertx = vertx;
        this.docker = docker;
        this.containerId = containerId;
        this.afterKill = afterKill;
    }

    /** Answers on the context of the caller. */
    Future<Void> start(String signal, Duration grace) {
        Context context = vertx.getOrCreateContext();
        docker.kill(containerId, signal).onFailure(stopped::tryFail).onSuccess(_ -> await(grace));
        return Hop.to(context, stopped.future());
    }

    private void await(Duration grace) {
        long timer = vertx.setTimer(Math.max(1, grace.toMillis()), _ -> kill());
        stopped.future().onComplete(_ -> vertx.cancelTimer(timer));
        docker.awaitExit(containerId)
                .onComplete(
                        exit -> {
                            if (exit.succeeded()
                                    || exit.cause() instanceof DockerFailure.NoSuchContainer) {
                                stopped.tryComplete();
                            } else {
                                stopped.tryFail(exit.cause());
                            }
                        });
    }

    private void kill() {
        String late = "stop container " + containerId + ": it runs on after SIGKILL";
        long timer =
                vertx.setTimer(
                        afterKill.toMillis(),
                        _ -> stopped.tryFail(new DockerFailure.Unreachable(late)));
        stopped.future().onComplete(_ -> vertx.cancelTimer(timer));
        docker.kill(containerId, "SIGKILL").onFailure(stopped::tryFail);
    }
}
