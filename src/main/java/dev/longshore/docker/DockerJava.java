package dev.longshore.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A real engine. What answers once is asked with docker-java on the worker pools {@code docker} and
 * {@code docker-stop}; what streams runs on Vert.x's own HTTP client over the same socket and holds
 * no thread. Connects at the first call, and asks anew after each failure to do so. No call is
 * repeated here; docker-java's transport repeats a GET or DELETE once when its connection broke,
 * never a POST.
 */
public final class DockerJava implements Docker {
    private static final long GONE_POLL_MS = 100;

    private final Vertx vertx;
    private final DockerSettings settings;
    private final EngineHttp http;
    private final Calls calls;
    private final Calls stops;
    private final Inspection inspection;
    private @Nullable EngineCalls engine;

    private DockerJava(Vertx vertx, DockerSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.http = new EngineHttp(vertx, settings);
        this.calls = new Calls(vertx, "docker", settings.callThreads());
        this.stops = new Calls(vertx, "docker-stop", settings.stopThreads());
        this.inspection = new Inspection(this::inspect, settings.callDeadline());
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
        return ask("ping the engine", engine -> engine.client().pingCmd().exec());
    }

    @Override
    public Future<EngineInfo> info() {
        return ask("ask what the engine is", EngineCalls::info);
    }

    @Override
    public Future<ImageView> inspectImage(String reference) {
        return ask("inspect image " + reference, engine -> engine.image(reference));
    }

    @Override
    public Future<String> create(ContainerSpec spec) {
        return ask("create container " + spec.name(), engine -> engine.create(spec));
    }

    @Override
    public Future<Void> start(String containerId) {
        Question<Void> start =
                new Question<>(
                        "start container " + containerId,
                        settings.startDeadline(),
                        engine -> {
                            try {
                                return engine.client().startContainerCmd(containerId).exec();
                            } catch (NotModifiedException e) {
                                return null; // it runs already: what was asked for
                            }
                        },
                        DockerFailures::ofStart);
        return on(calls, start);
    }

    @Override
    public Future<ContainerView> inspect(String containerIdOrName) {
        return ask(
                "inspect container " + containerIdOrName,
                engine -> engine.inspect(containerIdOrName));
    }

    @Override
    public Future<List<ContainerView>> list(Map<String, String> labels) {
        Map<String, String> all = Map.copyOf(labels);
        return ask("list containers", engine -> engine.list(all));
    }

    @Override
    public Future<SweepReport> sweep(Map<String, String> labels) {
        Map<String, String> all = Map.copyOf(labels);
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "labels must name at least one: a sweep without would take everything");
        }
        return on(stops, question("sweep networks and volumes", engine -> engine.sweep(all)));
    }

    @Override
    public Future<Void> stop(String containerId, String signal, Duration grace) {
        return new Stopping(vertx, this, containerId, settings.callDeadline()).start(signal, grace);
    }

    @Override
    public Future<Void> kill(String containerId, String signal) {
        Question<Void> kill =
                question(
                        "send " + signal + " to container " + containerId,
                        engine ->
                                engine.client()
                                        .killContainerCmd(containerId)
                                        .withSignal(signal)
                                        .exec());
        return on(stops, kill)
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
                question(
                        "pause container " + containerId,
                        engine -> engine.client().pauseContainerCmd(containerId).exec()));
    }

    @Override
    public Future<Void> unpause(String containerId) {
        return unlessSaid(
                "is not paused",
                question(
                        "unpause container " + containerId,
                        engine -> engine.client().unpauseContainerCmd(containerId).exec()));
    }

    /** The engine refuses what is so already: that is what was asked for. */
    private Future<Void> unlessSaid(String words, Question<Void> question) {
        return on(stops, question)
                .recover(
                        e ->
                                String.valueOf(e.getMessage()).contains(words)
                                        ? Future.succeededFuture()
                                        : Future.failedFuture(e));
    }

    @Override
    public Future<Void> remove(String containerId) {
        long deadline = System.nanoTime() + settings.callDeadline().toNanos();
        Question<Void> remove =
                question(
                        "remove container " + containerId,
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
                        });
        return on(stops, remove)
                .recover(
                        e ->
                                e instanceof DockerFailure failure
                                                && DockerFailures.removalInProgress(failure)
                                        ? gone(containerId, deadline)
                                        : Future.failedFuture(e));
    }

    /** Somebody else's removal is under way: the end of it is ours too. */
    private Future<Void> gone(String containerId, long deadline) {
        return inspect(containerId)
                .transform(
                        looked -> {
                            if (looked.cause() instanceof DockerFailure.NoSuchContainer) {
                                return Future.succeededFuture();
                            }
                            if (System.nanoTime() - deadline > 0) {
                                return Future.failedFuture(
                                        new DockerFailure.Unreachable(
                                                "remove container "
                                                        + containerId
                                                        + ": its removal does not come to an end"));
                            }
                            return vertx.timer(GONE_POLL_MS, TimeUnit.MILLISECONDS)
                                    .compose(_ -> gone(containerId, deadline));
                        });
    }

    @Override
    public Future<Void> pull(PullRequest request, Consumer<PullProgress> progress) {
        String reference = request.reference();
        Context context = vertx.getOrCreateContext();
        Question<Map<String, String>> registry =
                question(
                        "read the registry's credentials",
                        engine -> engine.registryHeaders(reference));
        return on(calls, registry)
                .compose(
                        headers ->
                                new Pull(context, reference, settings.pullSilence(), progress)
                                        .start(http, ImageReference.parse(reference), headers))
                .compose(_ -> fetched(reference));
    }

    /** The end of a pull is no proof: the engine has reported a full disk as a success. */
    private Future<Void> fetched(String reference) {
        return inspectImage(reference)
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
    public Future<Void> close() {
        Context context = vertx.getOrCreateContext();
        return Hop.to(
                context,
                http.close()
                        .eventually(calls::close)
                        .eventually(stops::close)
                        .compose(_ -> vertx.executeBlocking(this::closeEngine, false)));
    }

    private synchronized @Nullable Void closeEngine() throws IOException {
        if (engine != null) {
            engine.close();
        }
        return null;
    }

    private synchronized EngineCalls engine(ApiVersion api) {
        if (engine == null) {
            engine = new EngineCalls(settings, api);
        }
        return engine;
    }

    private <T> Future<T> ask(String what, Function<EngineCalls, @Nullable T> asked) {
        return on(calls, question(what, asked));
    }

    private <T> Question<T> question(String what, Function<EngineCalls, @Nullable T> asked) {
        return new Question<>(what, settings.callDeadline(), asked, DockerFailures::of);
    }

    private <T> Future<T> on(Calls pool, Question<T> question) {
        Context context = vertx.getOrCreateContext();
        long asked = System.nanoTime();
        return Hop.to(
                context,
                http.api()
                        .compose(
                                api ->
                                        pool.run(
                                                question.what,
                                                question.deadline,
                                                asked,
                                                () -> question.asked.apply(engine(api))))
                        .recover(
                                e ->
                                        Future.failedFuture(
                                                question.failures.apply(question.what, e))));
    }

    /** In words, how long the answer may take, how to ask, and how to read a failure. */
    private record Question<T>(
            String what,
            Duration deadline,
            Function<EngineCalls, @Nullable T> asked,
            BiFunction<String, Throwable, DockerFailure> failures) {}
}
