package dev.longshore.results;

import dev.longshore.job.CollectedOutput;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.Output;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A store in a directory of its own, asked from one context. */
abstract class StoreFixture {
    static final ExecutionId ID = new ExecutionId("e1");
    static final Output OUT = new Output("thumbs", "/out");
    static final long MOST_BYTES = 1 << 20;
    static final int MOST_FILES = 100;
    static final int MOST_DEPTH = 4;

    @TempDir Path temp;
    Path root;
    Vertx vertx;
    Context context;
    ResultStore store;

    @BeforeEach
    void openStore() throws IOException {
        root = temp.toRealPath().resolve("results");
        vertx = Vertx.vertx();
        context = vertx.getOrCreateContext();
        store =
                new ResultStore(
                        vertx,
                        new ResultSettings(
                                root, Duration.ofDays(7), MOST_BYTES, MOST_FILES, MOST_DEPTH));
        ask(store::open);
    }

    @AfterEach
    void closeStore() {
        ask(store::close);
        await(vertx.close());
    }

    /** Asks on the context, and hands the answer to the test's thread. */
    final <T> T ask(Supplier<Future<T>> question) {
        return await(asked(question));
    }

    final <T> Future<T> asked(Supplier<Future<T>> question) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(_ -> question.get().onComplete(promise));
        return promise.future();
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within 60 s", e);
        }
    }

    final ResultWriter begin() {
        return ask(() -> Future.succeededFuture(store.begin(ID, 1)));
    }

    final CollectedOutput collect(byte[] tar) {
        return collect(begin(), OUT, tar);
    }

    final CollectedOutput collect(ResultWriter writer, Output output, byte[] tar) {
        return ask(() -> writer.collect(output, ScriptedStream.of(context, tar)));
    }

    final Path outputs() {
        return store.directory(ID, 1).resolve("outputs");
    }

    final Path collected(String path) {
        return outputs().resolve("thumbs").resolve(path);
    }

    final byte[] download(String output) {
        Buffer all = Buffer.buffer();
        Promise<Void> end = Promise.promise();
        context.runOnContext(
                _ ->
                        store.archive(ID, output)
                                .onFailure(end::fail)
                                .onSuccess(
                                        archive ->
                                                archive.exceptionHandler(end::fail)
                                                        .endHandler(end::complete)
                                                        .handler(all::appendBuffer)));
        await(end.future());
        return all.getBytes();
    }

    /** Every path under {@code directory}, relative to it. */
    static List<String> tree(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(path -> !path.equals(directory))
                    .map(path -> directory.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }
}
