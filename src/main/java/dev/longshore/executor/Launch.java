package dev.longshore.executor;

import dev.longshore.docker.ContainerSpec;
import dev.longshore.docker.ContainerView;
import dev.longshore.docker.CopyEntry;
import dev.longshore.docker.Docker;
import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.ImageView;
import dev.longshore.job.CrashPoint;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.LogPosition;
import dev.longshore.job.NodeId;
import dev.longshore.job.PullState;
import dev.longshore.results.StagedFile;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The way from an image reference to a running container, on an engine that may stop answering in
 * the middle. An engine that does not answer is asked again for as long as the execution is wanted:
 * until a container exists, the command stays in custody and nothing is lost by waiting.
 */
final class Launch {
    private static final Duration POSITION_AGE = Duration.ofSeconds(5);

    private final Berth berth;
    private final Docker docker;
    private final Patience patience;
    private Map<Integer, StagedFile.Whole> fetched = Map.of();
    private Future<LogPosition> position = Future.failedFuture("not asked yet");
    private long positionAsked;
    private Downloads.@Nullable Batch downloads;

    Launch(Berth berth, Patience patience) {
        this.berth = berth;
        this.docker = berth.docker();
        this.patience = patience;
    }

    /**
     * A container that exists.
     *
     * @param containerId the engine's id
     * @param started whether it was started before: then it must not be started again
     */
    record Made(String containerId, boolean started) {}

    /** Sees to the image; where the log will start is asked beside it, since both take a while. */
    Future<ImageView> image(ExecutionRequest request, Consumer<PullState> progress) {
        askPosition(request);
        return patience.ask(() -> berth.pulls().image(request.engine(), progress));
    }

    private void askPosition(ExecutionRequest request) {
        positionAsked = berth.timers().nanoTime();
        position = berth.lines().position(request.executionId());
    }

    /** Where the log will start: not long before it does, for readers begin there. */
    Future<LogPosition> position(ExecutionRequest request) {
        if (berth.timers().nanoTime() - positionAsked > POSITION_AGE.toNanos()) {
            askPosition(request);
        }
        return position;
    }

    /**
     * Fetches what the job names by URL; fails with {@link InputFailure}. It stays on the disk
     * until it is in the container, or {@link #release} is called.
     */
    Future<Void> inputs(Journal journal) {
        if (!Downloads.isWanted(journal.request())) {
            return Future.succeededFuture();
        }
        Downloads.Batch batch = berth.downloads().start(journal.request(), journal.attempt());
        downloads = batch;
        return batch.files().onSuccess(files -> fetched = files).mapEmpty();
    }

    /** Fetches no further, and keeps nothing of what was fetched; harmless a second time. */
    void release() {
        if (downloads != null) {
            downloads.discard();
        }
    }

    /**
     * Creates the container of this attempt, whose log will start there, or finds it where an
     * earlier call made it without our hearing of it. A stranger under our name is left alone; what
     * a node made on the same engine from which this one took over gives way if it never ran.
     */
    Future<Made> create(Journal journal, ImageView image, LogPosition log) {
        return spec(journal, image, log)
                .compose(spec -> withSecrets(spec, journal.request()))
                .onSuccess(spec -> CrashPoint.BEFORE_CREATE.passed())
                .compose(spec -> patience.ask(() -> create(spec, journal)));
    }

    /** Looks at every secret, so that there is no container where one is missing. */
    private Future<ContainerSpec> withSecrets(ContainerSpec spec, ExecutionRequest request) {
        return berth.secrets()
                .variables(request.files().secrets())
                .map(
                        variables -> {
                            Map<String, String> all = new HashMap<>(spec.engine().environment());
                            all.putAll(variables);
                            return new ContainerSpec(
                                    spec.name(),
                                    spec.engine().withEnvironment(all),
                                    spec.grant(),
                                    spec.labels(),
                                    spec.mounts());
                        });
    }

    private Future<Made> create(ContainerSpec spec, Journal journal) {
        return docker.create(spec)
                .map(id -> new Made(id, false))
                .recover(
                        failure ->
                                failure instanceof DockerFailure.NameTaken
                                        ? existing(spec, journal)
                                        : Future.failedFuture(failure));
    }

    /** Whether the engine keeps a container that was not started yet as it was asked to. */
    Future<Void> verify(Journal journal, ContainerView made, LogPosition log) {
        ImageView image = new ImageView(made.imageId(), List.of(), List.of(), List.of(), 0);
        return spec(journal, image, log)
                .compose(spec -> patience.ask(() -> docker.verify(made.id(), spec)));
    }

    private Future<ContainerSpec> spec(Journal journal, ImageView image, LogPosition log) {
        ExecutionRequest request = journal.request();
        // By its id: a tag may have moved since the image was looked at.
        EngineSpec engine =
                ContainerFiles.provisioned(
                                Containers.withStop(berth.settings(), request.engine()),
                                request.files(),
                                image)
                        .withImage(image.id());
        NodeId node = berth.settings().nodeId();
        Map<String, String> labels = new HashMap<>(Containers.of(node, request, journal.attempt()));
        labels.putAll(journal.recoveryLabels(log));
        return berth.mounts()
                .sources(request.files().inputs())
                .map(
                        sources ->
                                new ContainerSpec(
                                        Containers.containerName(request, journal.attempt()),
                                        engine,
                                        journal.grant(),
                                        labels,
                                        ContainerFiles.mounts(
                                                request,
                                                sources,
                                                Containers.ofExecution(
                                                        node, request.executionId()))));
    }

    private Future<Made> existing(ContainerSpec spec, Journal journal) {
        return docker.inspect(spec.name())
                .compose(
                        found -> {
                            if (Containers.matchButForNode(spec.labels(), found)) {
                                return inherit(found, spec, journal);
                            }
                            if (!Containers.match(spec.labels(), found)) {
                                return Future.failedFuture(
                                        new DockerFailure.NameTaken(
                                                "the container name "
                                                        + spec.name()
                                                        + " is taken by a container that is not"
                                                        + " ours; remove or rename it"));
                            }
                            Made made = new Made(found.id(), found.startedAt() != null);
                            return made.started()
                                    ? Future.succeededFuture(made)
                                    : docker.verify(found.id(), spec).map(made);
                        });
    }

    /**
     * The other node never starts it from here on: it would have to hear itself say so first, and
     * hears that the execution is ours.
     */
    private Future<Made> inherit(ContainerView found, ContainerSpec spec, Journal journal) {
        if (found.startedAt() != null) {
            return Future.failedFuture(
                    new ExecutorFailure.StartedElsewhere(
                            journal.request().executionId(),
                            found.labels().getOrDefault(Containers.NODE, "?")));
        }
        return new Mandate(berth.voice(), journal)
                .confirm()
                .compose(ours -> docker.remove(found.id()))
                .compose(gone -> create(spec, journal));
    }

    /**
     * Starts the created container. An engine would start an exited one again, so that after a lost
     * answer only one that was never started is asked for once more, and not before it was looked
     * at twice. Each time it is made sure that this node is still the one to do it.
     */
    private Future<Void> start(String containerId, Journal journal) {
        return new Mandate(berth.voice(), journal)
                .confirm()
                .compose(ours -> docker.start(containerId))
                .recover(
                        failure ->
                                failure instanceof DockerFailure.Unreachable
                                        ? patience.pause(Patience.FIRST_PAUSE)
                                                .compose(
                                                        paused ->
                                                                startUnlessStarted(
                                                                        containerId, journal))
                                        : Future.failedFuture(failure));
    }

    private Future<Void> startUnlessStarted(String containerId, Journal journal) {
        return patience.ask(() -> docker.inspect(containerId))
                .compose(first -> patience.pause(Patience.FIRST_PAUSE))
                .compose(paused -> patience.ask(() -> docker.inspect(containerId)))
                .compose(
                        found ->
                                found.startedAt() != null
                                        ? Future.succeededFuture()
                                        : start(containerId, journal));
    }

    /** Has the program run, unless it does or did already, and notes its ports. */
    Future<Void> run(Made made, Journal journal) {
        String containerId = made.containerId();
        Future<Void> running =
                made.started()
                        ? Future.succeededFuture()
                        : fill(containerId, journal.request())
                                .onSuccess(full -> CrashPoint.BEFORE_START.passed())
                                .compose(full -> start(containerId, journal));
        return running.compose(started -> bindings(journal.request(), journal));
    }

    /** Puts in what the job brings along; nothing where it brings nothing. */
    private Future<Void> fill(String containerId, ExecutionRequest request) {
        List<CopyEntry> entries =
                ContainerFiles.entries(request.files(), request.engine().user(), fetched);
        return berth.secrets()
                .read(request.files().secretFiles())
                .map(values -> ContainerFiles.secrets(request, values))
                .compose(
                        secrets -> {
                            List<CopyEntry> all = new ArrayList<>(entries);
                            all.addAll(secrets);
                            return all.isEmpty()
                                    ? Future.<Void>succeededFuture()
                                    : patience.ask(() -> docker.copyIn(containerId, all));
                        })
                .onSuccess(full -> release());
    }

    /** Notes which host ports the engine has chosen; asked only where a job has any. */
    private Future<Void> bindings(ExecutionRequest request, Journal journal) {
        return request.engine().networking().ports().isEmpty()
                ? Future.succeededFuture()
                : docker.inspect(journal.containerId())
                        .onSuccess(container -> journal.ports(container.ports()))
                        .otherwiseEmpty()
                        .mapEmpty();
    }
}
