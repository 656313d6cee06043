package dev.longshore.app;

import dev.longshore.kafka.NodeIdTakenException;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The executor of a node, one life after the other: where another node or process was seen to act
 * in its place, it lets go of what runs, and a new one begins as after a restart, which finds out
 * what is still its own. Methods from any thread; all else on one context.
 */
final class ExecutorLives {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorLives.class);
    private static final long TRY_AGAIN_MILLIS = 5_000;

    private final Vertx vertx;
    private final Context context;
    private final Function<Consumer<Throwable>, Deployable> make;
    private final Consumer<Throwable> onEnd;
    private volatile boolean takesCommands;
    private boolean stopping;
    private Future<@Nullable String> current = Future.succeededFuture();

    /**
     * @param make makes an executor that tells when it must end
     * @param onEnd told when no other life may follow
     */
    ExecutorLives(
            Vertx vertx,
            Function<Consumer<Throwable>, Deployable> make,
            Consumer<Throwable> onEnd) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.make = make;
        this.onEnd = onEnd;
    }

    /** Completed when the first life takes commands; fails where it cannot. */
    Future<Void> start() {
        return onContext(this::begin);
    }

    /** Whether the present life takes commands. */
    boolean takesCommands() {
        return takesCommands;
    }

    /** Ends the present life; no other follows. */
    Future<Void> stop() {
        return onContext(
                () -> {
                    stopping = true;
                    takesCommands = false;
                    return current.transform(id -> end(id.result()));
                });
    }

    private Future<Void> begin() {
        Promise<Throwable> over = Promise.promise();
        Future<String> deployed = vertx.deployVerticle(make.apply(over::tryComplete));
        Future<@Nullable String> life =
                Future.fromCompletionStage(deployed.toCompletionStage(), context).map(id -> id);
        current = life;
        return life.onSuccess(
                        id -> {
                            takesCommands = !stopping;
                            over.future().onSuccess(why -> context.runOnContext(now -> next(why)));
                        })
                .mapEmpty();
    }

    private void next(Throwable why) {
        if (stopping) {
            return;
        }
        LOG.warn(
                "the executor begins anew, what runs is left as it is meanwhile: {}",
                why.getMessage());
        takesCommands = false;
        Future<@Nullable String> before = current;
        current = before.compose(this::end).<@Nullable String>mapEmpty().otherwiseEmpty();
        current.onComplete(ended -> beginAgain());
    }

    private void beginAgain() {
        if (stopping) {
            return;
        }
        begin().onSuccess(up -> LOG.info("the executor takes commands again"))
                .onFailure(
                        failure -> {
                            if (failure instanceof NodeIdTakenException) {
                                onEnd.accept(failure);
                                return;
                            }
                            LOG.warn(
                                    "the executor cannot begin yet, tried again in {} ms: {}",
                                    TRY_AGAIN_MILLIS,
                                    failure.getMessage());
                            context.runOnContext(
                                    now -> vertx.setTimer(TRY_AGAIN_MILLIS, later -> beginAgain()));
                        });
    }

    private Future<Void> end(@Nullable String deployment) {
        return deployment == null
                ? Future.succeededFuture()
                : Future.fromCompletionStage(
                        vertx.undeploy(deployment).toCompletionStage(), context);
    }

    private Future<Void> onContext(Supplier<Future<Void>> action) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> action.get().onComplete(done));
        return done.future();
    }
}
