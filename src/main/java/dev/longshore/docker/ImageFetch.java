package dev.longshore.docker;

import dev.longshore.job.PullState;

import io.vertx.core.Context;
import io.vertx.core.Future;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * One pull from the credential to the image: what the engine says at its end is not believed.
 * Answers on any context.
 */
final class ImageFetch {
    private final Questions questions;
    private final ContainerCalls calls;
    private final PullRequest request;
    private final Pull pull;

    /**
     * @param context on which progress is told
     * @param silence how long the engine may say nothing
     */
    ImageFetch(
            Context context,
            Questions questions,
            ContainerCalls calls,
            PullRequest request,
            Duration silence,
            Consumer<PullState> progress) {
        this.questions = questions;
        this.calls = calls;
        this.request = request;
        this.pull = new Pull(context, request.reference(), silence, progress);
    }

    Future<Void> start(EngineHttp http) {
        return questions
                .ask(
                        "find the registry's credential",
                        engine -> engine.registryHeaders().of(request))
                .compose(headers -> pull.start(http, request.platform(), headers))
                .recover(this::whoIsSilent)
                .compose(_ -> isThere());
    }

    /** An engine that does not answer at all may go on with the pull when it is back. */
    private Future<Void> whoIsSilent(Throwable failure) {
        return pull.fellSilent()
                ? questions
                        .ask("ping the engine", engine -> engine.client().pingCmd().exec())
                        .compose(_ -> Future.failedFuture(failure))
                : Future.failedFuture(failure);
    }

    /** The end of a pull is no proof: the engine has reported a full disk as a success. */
    private Future<Void> isThere() {
        String reference = request.reference();
        return calls.image(reference)
                .<Void>mapEmpty()
                .recover(
                        e ->
                                Future.failedFuture(
                                        e instanceof DockerFailure.ImageNotFound
                                                ? new DockerFailure.PullFailed(
                                                        "pull "
                                                                + reference
                                                                + ": the engine reported success"
                                                                + " but does not have it; is its"
                                                                + " disk full?")
                                                : e));
    }
}
