package dev.longshore.docker;

import dev.longshore.job.PullState;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A real engine. What every job asks, and what streams, runs on Vert.x's own HTTP client over the
 * engine's socket and holds no thread; everything else is asked with docker-java on the worker
 * pools {@code docker} and {@code docker-stop}. Connects at the first call, and asks anew after
 * each failure to do so. No call is repeated here; docker-java's transport repeats a GET or DELETE
 * once when its connection broke, never a POST.
 */
public final class DockerJava implements Docker {
    private final Vertx vertx;
    private final DockerSettings settings;
    private final EngineHttp http;
    private final Questions questions;
    private final ContainerCalls containers;
    private final Inspection inspection;
    private final DiskUse diskUse;

    private DockerJava(Vertx vertx, DockerSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.http = new EngineHttp(vertx, settings);
        this.questions = new Questions(vertx, settings, http);
        this.containers = new ContainerCalls(vertx, settings, http, questions);
        this.inspection = new Inspection(this::inspect, settings.callDeadline());
        this.diskUse = new DiskUse(http, settings.callDeadline());
    }

    /**
     * Speaks to no engine yet: the first call agrees on the API version, and fails with {@link
     * DockerFailure.Refused} where there is none that both know. From any thread; {@link #close()}
     * it.
     *
     * @throws IllegalArgumentException where the host is neither {@code unix://} nor {@code tcp://}
     */
    public static DockerJava create(Vertx vertx, DockerSettings settings) {
        return new DockerJava(vertx, settings);
    }

    @Override
    public Future<Void> ping() {
        return questions.ask("ping the engine", engine -> engine.client().pingCmd().exec());
    }

    @Override
    public Future<EngineInfo> info() {
        return questions.ask("ask what the engine is", EngineCalls::info);
    }

    @Override
    public Future<ImageView> inspectImage(String reference) {
        return containers.image(reference);
    }

    @Override
    public Future<List<ImageSummary>> images() {
        return questions.ask("list images", EngineCalls::images);
    }

    @Override
    public Future<Void> removeImage(String idOrReference) {
        return questions.askStop(
                "remove image " + idOrReference,
                engine -> {
                    engine.removeImage(idOrReference);
                    return null;
                });
    }

    @Override
    public Future<String> create(ContainerSpec spec) {
        return containers.create(spec);
    }

    @Override
    public Future<Void> verify(String containerId, ContainerSpec spec) {
        return containers.verify(containerId, spec);
    }

    @Override
    public Future<Void> copyIn(String containerId, List<CopyEntry> entries) {
        List<CopyEntry> small =
                entries.stream().filter(entry -> !(entry instanceof CopyEntry.Stored)).toList();
        List<CopyEntry.Stored> large =
                entries.stream()
                        .filter(CopyEntry.Stored.class::isInstance)
                        .map(CopyEntry.Stored.class::cast)
                        .toList();
        Context context = vertx.getOrCreateContext();
        Future<List<String>> mounts =
                questions.ask(
                        "copy files into container " + containerId,
                        engine -> engine.copyIn(containerId, small));
        return mounts.compose(
                targets -> {
                    Future<Void> done = Future.succeededFuture();
                    for (CopyEntry.Stored file : large) {
                        done = done.compose(next -> upload(context, containerId, file, targets));
                    }
                    return Hop.to(context, done);
                });
    }

    private Future<Void> upload(
            Context context, String containerId, CopyEntry.Stored file, List<String> mounts) {
        return new Upload(context, containerId, file, settings.callDeadline())
                .start(http, CopyTars.innermost(file.path(), mounts));
    }

    @Override
    public Future<Archive> copyOut(String containerId, String path) {
        Context context = vertx.getOrCreateContext();
        CopyOut copy = new CopyOut(context, containerId, path, settings.callDeadline());
        return Hop.to(context, copy.start(http));
    }

    @Override
    public Future<Void> start(String containerId) {
        return containers.start(containerId);
    }

    @Override
    public Future<ContainerView> inspect(String containerIdOrName) {
        return containers.inspect(containerIdOrName);
    }

    @Override
    public Future<List<ContainerView>> list(Map<String, String> labels) {
        return containers.list(Map.copyOf(labels));
    }

    @Override
    public Future<SweepReport> sweep(Map<String, String> labels) {
        Map<String, String> all = Map.copyOf(labels);
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "labels must name at least one: a sweep without would take everything");
        }
        return questions.askStop("sweep networks and volumes", engine -> engine.sweep(all));
    }

    @Override
    public Future<Void> stop(String containerId, String signal, Duration grace) {
        return new Stopping(vertx, this, containerId, settings.callDeadline()).start(signal, grace);
    }

    @Override
    public Future<Void> kill(String containerId, String signal) {
        return containers
                .kill(containerId, signal)
                .recover(
                        e ->
                                e instanceof DockerFailure failure
                                                && DockerFailures.notRunning(failure)
                                        ? Future.succeededFuture()
                                        : Future.failedFuture(e));
    }

    @Override
    public Future<Void> pause(String containerId) {
        return unlessSaid(
                "already paused",
                questions.askStop(
                        "pause container " + containerId,
                        engine -> engine.client().pauseContainerCmd(containerId).exec()));
    }

    @Override
    public Future<Void> unpause(String containerId) {
        return unlessSaid(
                "is not paused",
                questions.askStop(
                        "unpause container " + containerId,
                        engine -> engine.client().unpauseContainerCmd(containerId).exec()));
    }

    /** The engine refuses what is so already: that is what was asked for. */
    private static Future<Void> unlessSaid(String words, Future<Void> answer) {
        return answer.recover(
                e ->
                        String.valueOf(e.getMessage()).contains(words)
                                ? Future.succeededFuture()
                                : Future.failedFuture(e));
    }

    @Override
    public Future<Void> remove(String containerId) {
        return new Removal(vertx, this, containerId, settings.callDeadline()).start(containers);
    }

    @Override
    public Future<ExecResult> exec(String containerId, List<String> command) {
        List<String> words = List.copyOf(command);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("command must name a program");
        }
        Context context = vertx.getOrCreateContext();
        return Hop.to(
                context,
                new Exec(context, questions, containerId, settings.callDeadline())
                        .start(http, containerId, words));
    }

    @Override
    public Future<ContainerStats> stats(String containerId) {
        Context context = vertx.getOrCreateContext();
        String what = "read what container " + containerId + " uses";
        return Hop.to(
                context,
                http.get(
                                "/containers/" + containerId + "/stats?stream=false&one-shot=true",
                                settings.callDeadline())
                        .map(answer -> Samples.of(what, answer))
                        .recover(e -> Future.failedFuture(DockerFailures.of(what, e))));
    }

    @Override
    public Future<Map<String, Long>> diskUse() {
        return Hop.to(vertx.getOrCreateContext(), diskUse.ask());
    }

    @Override
    public Future<Void> pull(PullRequest request, Consumer<PullState> progress) {
        Context context = vertx.getOrCreateContext();
        ImageFetch fetch =
                new ImageFetch(
                        context, questions, containers, request, settings.pullSilence(), progress);
        return Hop.to(context, fetch.start(http));
    }

    @Override
    public Future<Void> checkAccess(PullRequest request) {
        AccessCheck check = new AccessCheck(questions, request, settings.callDeadline());
        return Hop.to(vertx.getOrCreateContext(), check.start(http));
    }

    @Override
    public Future<Integer> awaitExit(String containerId) {
        Context context = vertx.getOrCreateContext();
        Promise<Integer> exit = Promise.promise();
        context.runOnContext(
                _ -> new ExitWait(http, inspection, context, containerId).start().onComplete(exit));
        return Hop.to(context, exit.future());
    }

    @Override
    public LogFollow follow(LogRequest request, LogSink sink) {
        Context context = vertx.getOrCreateContext();
        LogPump pump = new LogPump(http, inspection, context, request, sink);
        context.runOnContext(_ -> pump.open());
        return pump;
    }

    @Override
    public EventWatch events(Map<String, String> labels, Consumer<EngineEvent> sink) {
        Context context = vertx.getOrCreateContext();
        EventStream stream = new EventStream(http, context, labels, settings.callDeadline(), sink);
        context.runOnContext(_ -> stream.connect());
        return stream;
    }

    @Override
    public Future<Void> close() {
        Context context = vertx.getOrCreateContext();
        return Hop.to(
                context, http.close().eventually(containers::close).eventually(questions::close));
    }
}
