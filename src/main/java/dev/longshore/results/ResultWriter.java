package dev.longshore.results;

import dev.longshore.job.CollectedOutput;
import dev.longshore.job.LogRecord;
import dev.longshore.job.Output;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Writes the results of one attempt of an execution. Called on the context on which it was begun,
 * and answers there; what was asked first is done first. Every failure is a {@link ResultFailure}.
 */
public final class ResultWriter {
    private final Context context;
    private final Workers workers;
    private final Path directory;
    private final Allowance allowance;
    private final Future<LogFiles> opened;

    /** The last write; one that fails fails all that follow, so that no log has a hole. */
    private Future<Void> written;

    /** The last collection, which is never a failure. */
    private Future<Void> collected;

    private @Nullable Future<Void> finished;

    ResultWriter(Context context, Workers workers, Path directory, ResultSettings settings) {
        this.context = context;
        this.workers = workers;
        this.directory = directory;
        this.allowance = new Allowance(settings);
        this.opened =
                run(
                        workers.disk,
                        () -> {
                            Attempts.prepare(directory);
                            return LogFiles.create(directory);
                        });
        this.written = opened.mapEmpty();
        this.collected = opened.<Void>mapEmpty().otherwiseEmpty();
    }

    /** Where it writes. */
    public Path directory() {
        return directory;
    }

    /**
     * Appends the lines of this batch to the files of their streams, in order; a line that is
     * partial gets no newline. Records that are no lines leave no trace. After a failure every
     * further write fails the same way. Nothing bounds what waits: the caller does not read on
     * before it is written.
     */
    public Future<Void> write(List<? extends LogRecord> batch) {
        List<? extends LogRecord> lines = List.copyOf(batch);
        written =
                written.compose(
                        before ->
                                run(
                                        workers.disk,
                                        () -> {
                                            opened.result().append(lines);
                                            return null;
                                        }));
        return written;
    }

    /**
     * Completed when all that was given is on the disk and the files are closed; fails as the first
     * write did that failed. The same answer however often it is asked.
     */
    public Future<Void> finish() {
        Future<Void> known = finished;
        if (known != null) {
            return known;
        }
        Future<Void> closing =
                written.eventually(
                        () ->
                                opened.compose(
                                        files ->
                                                run(
                                                        workers.disk,
                                                        () -> {
                                                            files.close();
                                                            return null;
                                                        })));
        finished = closing;
        return closing;
    }

    /**
     * Writes what the tar of a directory holds under {@code outputs/<name>}, which appears when all
     * of it is there; on any failure nothing of it stays. The tar is what the engine gives for the
     * output's directory: every entry lies under the directory's own name.
     *
     * <p>Only regular files and directories are written, with rights for the owner only; each
     * further name of a file (a hard link) is a file of its own and counts as one. Symbolic links,
     * pipes, sockets, devices and names that are no clean text are skipped, and the log tells how
     * many. Reading goes at the disk's pace; after a failure the stream is paused, its further
     * buffers are dropped, and it is closed if it is an {@link AutoCloseable}.
     *
     * <p>Fails with {@link ResultFailure.TooLarge}, {@link ResultFailure.Malformed}, {@link
     * ResultFailure.Interrupted}, {@link ResultFailure.DiskFull} or {@link
     * ResultFailure.DiskFailed}.
     */
    public Future<CollectedOutput> collect(Output output, ReadStream<Buffer> tar) {
        TarFeed feed = new TarFeed(context, tar);
        Future<CollectedOutput> result =
                collected
                        .compose(before -> opened)
                        .compose(
                                files ->
                                        run(
                                                workers.collect,
                                                () ->
                                                        new Unpacking(directory, output, allowance)
                                                                .from(feed)))
                        .onComplete(done -> feed.release());
        collected = result.<Void>mapEmpty().otherwiseEmpty();
        return result;
    }

    private <T> Future<T> run(WorkerExecutor pool, Callable<T> work) {
        return pool.executeBlocking(
                () -> {
                    try {
                        return work.call();
                    } catch (Exception failure) {
                        throw Disk.failure(directory, failure);
                    }
                },
                false);
    }

    /**
     * Where work is done.
     *
     * @param disk short work on files
     * @param collect work that also waits for a stream
     */
    record Workers(WorkerExecutor disk, WorkerExecutor collect) {}
}
