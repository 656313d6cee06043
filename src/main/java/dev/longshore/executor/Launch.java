package dev.longshore.executor;

import dev.longshore.docker.ContainerSpec;
import dev.longshore.docker.Docker;
import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.ImageView;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.PullState;

import io.vertx.core.Future;

import java.util.function.Consumer;

/**
 * The way from an image reference to a running container, on an engine that may stop answering in
 * the middle. An engine that does not answer is asked again for as long as the execution is wanted:
 * until a container exists, the command stays in custody and nothing is lost by waiting.
 */
final class Launch {
    private final Docker docker;
    private final Pulls pulls;
    private final Patience patience;

    Launch(Docker docker, Pulls pulls, Patience patience) {
        this.docker = docker;
        this.pulls = pulls;
        this.patience = patience;
    }

    /**
     * A container that exists.
     *
     * @param containerId the engine's id
     * @param started whether it was started before: then it must not be started again
     */
    record Made(String containerId, boolean started) {}

    Future<ImageView> image(EngineSpec engine, Consumer<PullState> progress) {
        return patience.ask(() -> pulls.image(engine, progress));
    }

    /**
     * Creates the container, or finds it where an earlier call made it without our hearing of it. A
     * stranger under our name is left alone.
     */
    Future<Made> create(ContainerSpec spec) {
        return patience.ask(
                () ->
                        docker.create(spec)
                                .map(id -> new Made(id, false))
                                .recover(
                                        failure ->
                                                failure instanceof DockerFailure.NameTaken
                                                        ? existing(spec)
                                                        : Future.failedFuture(failure)));
    }

    private Future<Made> existing(ContainerSpec spec) {
        return docker.inspect(spec.name())
                .compose(
                        found -> {
                            if (!Containers.match(spec.labels(), found)) {
                                return Future.failedFuture(
                                        new DockerFailure.NameTaken(
                                                "the container name "
                                                        + spec.name()
                                                        + " is taken by a container that is not"
                                                        + " ours; remove or rename it"));
                            }
                            return Future.succeededFuture(
                                    new Made(found.id(), found.startedAt() != null));
                        });
    }

    /**
     * Starts the created container. An engine would start an exited one again, so that after a lost
     * answer only one that was never started is asked for once more, and not before it was looked
     * at twice.
     */
    Future<Void> start(String containerId) {
        return docker.start(containerId)
                .recover(
                        failure ->
                                failure instanceof DockerFailure.Unreachable
                                        ? patience.pause(Patience.FIRST_PAUSE)
                                                .compose(paused -> startUnlessStarted(containerId))
                                        : Future.failedFuture(failure));
    }

    private Future<Void> startUnlessStarted(String containerId) {
        return patience.ask(() -> docker.inspect(containerId))
                .compose(first -> patience.pause(Patience.FIRST_PAUSE))
                .compose(paused -> patience.ask(() -> docker.inspect(containerId)))
                .compose(
                        found ->
                                found.startedAt() != null
                                        ? Future.succeededFuture()
                                        : start(containerId));
    }

    /** Notes which host ports the engine has chosen; asked only where a job has any. */
    Future<Void> bindings(ExecutionRequest request, Journal journal) {
        return request.engine().networking().ports().isEmpty()
                ? Future.succeededFuture()
                : docker.inspect(journal.containerId())
                        .onSuccess(container -> journal.ports(container.ports()))
                        .otherwiseEmpty()
                        .mapEmpty();
    }
}
