package dev.longshore.executor;

import dev.longshore.capacity.Ledger;
import dev.longshore.capacity.NodeCapacity;
import dev.longshore.docker.FakeDocker;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.Gpu;
import dev.longshore.job.Grant;
import dev.longshore.job.NodeId;
import dev.longshore.kafka.RecordingEventSink;
import dev.longshore.kafka.RecordingLineSink;
import dev.longshore.results.ResultSettings;
import dev.longshore.results.ResultStore;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** An executor on a fake engine, and sinks that remember; everything on one context. */
@ExtendWith(VertxExtension.class)
abstract class ExecutorFixture {
    final Vertx vertx;
    final Context context;
    final FakeDocker docker;
    final RecordingEventSink events = new RecordingEventSink();
    final RecordingLineSink lines = new RecordingLineSink();

    /** How far the clock was set forth by which others are silent. */
    final AtomicLong skippedNanos = new AtomicLong();

    final Known known =
            new Known(
                    100,
                    new Presence(node("node-1"), () -> System.nanoTime() + skippedNanos.get()));
    final ResultStore results;
    final EngineWatch watch;
    @TempDir static Path directory;

    ExecutorFixture(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.docker = new FakeDocker(vertx, Duration.ofMillis(200)).image("busybox");
        this.watch = new EngineWatch(Timers.of(vertx), null);
        this.results = new ResultStore(vertx, ResultSettings.under(directory));
        await(results.open());
    }

    /** What the executions of a node share, with little time between stop signal and SIGKILL. */
    final Berth berth(ExecutorSettings settings) {
        context.runOnContext(now -> watch.start(docker, settings.nodeId()));
        return new Berth(
                settings.withStopGrace(Duration.ofMillis(20)),
                docker,
                watch,
                new Pulls(docker, settings.pulls(), Timers.of(vertx)),
                new Mounts(vertx, settings.policy().mounts(), Set.of()),
                new SecretStore(vertx, settings.secrets()),
                new Downloads(vertx, results, settings),
                lines,
                results,
                new Voice(events, Timers.of(vertx)));
    }

    /** An executor of a node that has so much. */
    final Executor executor(Berth berth, long cpuNanos, long memoryBytes, List<Gpu> gpus) {
        Grant total = new Grant(cpuNanos, memoryBytes, 100_000, gpus);
        return new Executor(berth, known, new Ledger(new NodeCapacity(total, 64)));
    }

    static ExecutionId id(String value) {
        return new ExecutionId(value);
    }

    static NodeId node(String value) {
        return new NodeId(value);
    }

    /** The engine calls so far, by their names. */
    final List<String> calls() {
        return docker.journal().stream().map(entry -> entry.split(" ", 2)[0]).toList();
    }

    /** Calls on the executor's context and waits for the answer here. */
    final <T> T call(Supplier<Future<T>> call) {
        return await(start(call));
    }

    final <T> Future<T> start(Supplier<Future<T>> call) {
        Promise<T> answer = Promise.promise();
        context.runOnContext(now -> call.get().onComplete(answer));
        return answer.future();
    }

    final <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    final void until(Supplier<Boolean> condition) {
        Promise<Void> met = Promise.promise();
        // On one thread: a timer that is cancelled before it is quite set fails.
        context.runOnContext(
                now ->
                        vertx.setPeriodic(
                                2,
                                timer -> {
                                    if (condition.get() && vertx.cancelTimer(timer)) {
                                        met.complete();
                                    }
                                }));
        await(met.future());
    }
}
