package dev.longshore.docker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Short questions to one engine by docker-java, each with its deadline, on the worker pools {@code
 * docker} and {@code docker-stop}. Connects at the first question. From any context; answers come
 * on the asker's, failures as {@link DockerFailure}.
 */
final class Questions {
    private final Vertx vertx;
    private final DockerSettings settings;
    private final EngineHttp http;
    private final Calls calls;
    private final Calls stops;
    private @Nullable EngineCalls engine;

    Questions(Vertx vertx, DockerSettings settings, EngineHttp http) {
        this.vertx = vertx;
        this.settings = settings;
        this.http = http;
        this.calls = new Calls(vertx, "docker", settings.callThreads());
        this.stops = new Calls(vertx, "docker-stop", settings.stopThreads());
    }

    <T> Future<T> ask(String what, Function<EngineCalls, @Nullable T> asked) {
        return on(calls, new Question<>(what, settings.callDeadline(), asked, DockerFailures::of));
    }

    /** A start of a program: it may take longer, and fails in its own way. */
    <T> Future<T> askStart(String what, Function<EngineCalls, @Nullable T> asked) {
        return on(
                calls,
                new Question<>(what, settings.startDeadline(), asked, DockerFailures::ofStart));
    }

    /** What ends containers, or holds them: never behind the other questions. */
    <T> Future<T> askStop(String what, Function<EngineCalls, @Nullable T> asked) {
        return on(stops, new Question<>(what, settings.callDeadline(), asked, DockerFailures::of));
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

    private synchronized EngineCalls engine(ApiVersion api) {
        if (engine == null) {
            engine = new EngineCalls(settings, api);
        }
        return engine;
    }

    /** Ends every question. */
    Future<Void> close() {
        return calls.close()
                .eventually(stops::close)
                .compose(_ -> vertx.executeBlocking(this::closeEngine, false));
    }

    private synchronized @Nullable Void closeEngine() throws IOException {
        if (engine != null) {
            engine.close();
        }
        return null;
    }

    /** In words, how long the answer may take, how to ask, and how to read a failure. */
    private record Question<T>(
            String what,
            Duration deadline,
            Function<EngineCalls, @Nullable T> asked,
            BiFunction<String, Throwable, DockerFailure> failures) {}
}
