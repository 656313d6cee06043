package dev.longshore.docker;

import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One question to a registry, by the engine: whether it would give an image. Answers on any
 * context.
 */
final class AccessCheck {
    private final Questions questions;
    private final PullRequest request;
    private final Duration deadline;
    private final String what;

    /**
     * @param deadline how long engine and registry may take together
     */
    AccessCheck(Questions questions, PullRequest request, Duration deadline) {
        this.questions = questions;
        this.request = request;
        this.deadline = deadline;
        this.what = "check access to " + request.reference();
    }

    Future<Void> start(EngineHttp http) {
        String name = URLEncoder.encode(request.reference(), StandardCharsets.UTF_8);
        String path = "/distribution/" + name.replace("%2F", "/") + "/json";
        return questions
                .ask(
                        "find the registry's credential",
                        engine -> engine.registryHeaders().of(request))
                .compose(headers -> http.get(path, headers, deadline).recover(this::whoIsSilent))
                .compose(this::judge)
                .recover(e -> Future.failedFuture(failure(e)));
    }

    /** An engine that answers meanwhile waits for the registry. */
    private Future<JsonObject> whoIsSilent(Throwable thrown) {
        return DockerFailures.ofPull(what, thrown) instanceof DockerFailure.Unreachable
                ? questions
                        .ask("ping the engine", engine -> engine.client().pingCmd().exec())
                        .compose(there -> Future.failedFuture(noAnswer(thrown)))
                : Future.failedFuture(thrown);
    }

    private DockerFailure noAnswer(Throwable thrown) {
        return new DockerFailure.PullFailed(
                DockerFailures.line(
                        what
                                + ": no answer ("
                                + thrown.getMessage()
                                + "); is its registry in reach?"));
    }

    /** Nothing but the description of the image is a yes. */
    private Future<Void> judge(JsonObject answer) {
        return answer.getValue("Descriptor") instanceof JsonObject
                ? Future.succeededFuture()
                : Future.failedFuture(
                        new DockerFailure.PullFailed(
                                what + ": the engine's answer is no description of an image"));
    }

    private DockerFailure failure(Throwable thrown) {
        return thrown instanceof DecodeException
                ? new DockerFailure.PullFailed(what + ": the engine's answer is no JSON")
                : DockerFailures.ofPull(what, thrown);
    }
}
