package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.docker.DockerFailure;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Waits for the end of a container's program, as often as the engine has to be asked. Lives on the
 * executor's context.
 */
final class ExitWatch {
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Berth berth;
    private final String containerId;
    private final Promise<@Nullable ContainerView> ended = Promise.promise();

    ExitWatch(Berth berth, String containerId) {
        this.berth = berth;
        this.containerId = containerId;
    }

    /** The container after its program's end, or null where it is gone; never fails. */
    Future<@Nullable ContainerView> ended() {
        return ended.future();
    }

    boolean isOver() {
        return ended.future().isComplete();
    }

    /** Waits from now on. */
    void start() {
        berth.docker()
                .awaitExit(containerId)
                .compose(code -> berth.docker().inspect(containerId))
                .onComplete(
                        berth.guard()
                                .of(
                                        answer -> {
                                            if (!settles(answer)) {
                                                berth.timers().after(AGAIN, this::start);
                                            }
                                        }));
    }

    /** Looks whether it has ended, or is gone, without our hearing of it; never fails. */
    Future<Void> lookAgain() {
        return berth.docker()
                .inspect(containerId)
                .transform(
                        answer -> {
                            settles(answer);
                            return Future.succeededFuture();
                        });
    }

    private boolean settles(AsyncResult<ContainerView> answer) {
        if (answer.succeeded() && !answer.result().alive()) {
            ended.tryComplete(answer.result());
        } else if (answer.cause() instanceof DockerFailure.NoSuchContainer) {
            ended.tryComplete(null);
        }
        return isOver();
    }
}
