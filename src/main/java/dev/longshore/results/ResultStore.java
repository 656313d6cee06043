package dev.longshore.results;

import dev.longshore.job.ExecutionId;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The results of this node's executions on its disk: {@code <directory>/<id>/<attempt>} holds
 * {@code stdout.log}, {@code stderr.log} and {@code outputs/<name>}, all for the node's user only.
 *
 * <p>May be called from any context and answers there; the disk is touched on workers of its own.
 * Every failure is a {@link ResultFailure}. Opened once, before anything else is called.
 */
public final class ResultStore {
    private static final int DISK_THREADS = 4;
    private static final int COLLECT_THREADS = 4;
    private static final long LONGEST_TASK_HOURS = 1;

    /** No id begins with a dot. */
    private static final String STAGED = ".inputs";

    private final Vertx vertx;
    private final ResultSettings settings;
    private final WorkerExecutor disk;

    /** Apart from the others: these wait for the engine, and a slow one must not hold up logs. */
    private final WorkerExecutor collect;

    private volatile Path root;
    private volatile @Nullable DirectoryLock lock;

    /** Touches nothing yet. */
    public ResultStore(Vertx vertx, ResultSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.root = settings.directory().toAbsolutePath().normalize();
        this.disk = pool("longshore-results", DISK_THREADS);
        this.collect = pool("longshore-results-collect", COLLECT_THREADS);
    }

    private WorkerExecutor pool(String name, int threads) {
        return vertx.createSharedWorkerExecutor(name, threads, LONGEST_TASK_HOURS, TimeUnit.HOURS);
    }

    /**
     * Makes the directory, for its owner only, and sees that it can be written. One that is there
     * is left as it is, so that a slip in the settings changes no other directory's rights; one
     * that others may write is refused. Fails with {@link ResultFailure.Unusable}.
     */
    public Future<Void> open() {
        return onDisk(() -> root = Root.open(root)).mapEmpty();
    }

    /**
     * Takes the directory for this process, until {@link #close()} or its end, whichever way it
     * comes. After {@link #open()}. Fails with {@link ResultFailure.InUse} where another process
     * has it.
     *
     * @return who had it before and certainly has no longer; empty where nobody did
     */
    public Future<Optional<DirectoryLock.Holder>> claim(DirectoryLock.Holder holder) {
        return onDisk(
                () -> {
                    DirectoryLock taken = DirectoryLock.take(root, holder);
                    lock = taken;
                    // What an earlier life fetched for containers that it did not fill.
                    Disk.remove(root.resolve(STAGED));
                    return taken.former();
                });
    }

    /**
     * The writer of this attempt, whose directory and files are made in the background, also if
     * nothing is ever printed. What an earlier life left of the attempt is replaced.
     */
    public ResultWriter begin(ExecutionId id, int attempt) {
        Path directory = directory(id, attempt);
        return new ResultWriter(
                vertx.getOrCreateContext(),
                new ResultWriter.Workers(disk, collect),
                directory,
                settings);
    }

    /**
     * A file on its way to a container of this execution.
     *
     * @param name tells it from the others of the execution
     * @param reserveBytes how much of the disk must stay free
     */
    public StagedFile stage(ExecutionId id, String name, long reserveBytes) {
        Path place = root.resolve(STAGED).resolve(id.value() + "." + name);
        return new StagedFile(disk, place, reserveBytes);
    }

    /** Where this attempt's results are, whether or not there are any. */
    public Path directory(ExecutionId id, int attempt) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt must be at least 1, was " + attempt);
        }
        return root.resolve(id.value()).resolve(Integer.toString(attempt));
    }

    /**
     * A collected output of the newest attempt that has it, as a tar whose entries lie under the
     * output's name. The caller reads it to its end or closes it. Fails with {@link
     * ResultFailure.NotFound}.
     */
    public Future<Archive> archive(ExecutionId id, String output) {
        Context context = vertx.getOrCreateContext();
        return onDisk(() -> new TreeTar(Attempts.output(root, id, output), output))
                .map(tar -> new Archive(context, disk, tar));
    }

    /** Removes all that is left of this execution; nothing is wrong if nothing is. */
    public Future<Void> remove(ExecutionId id) {
        return onDisk(
                () -> {
                    Attempts.remove(root, id);
                    return null;
                });
    }

    /**
     * Removes the results of executions whose newest write is longer ago than they are kept.
     *
     * @param live whether an execution is not to be touched, however old; asked on the calling
     *     context, right before the removal
     * @return how many executions' results were removed; what cannot be removed is told to the log
     *     and tried again next time
     */
    public Future<Integer> sweep(Instant now, Predicate<ExecutionId> live) {
        Instant cutoff = now.minus(settings.keep());
        return onDisk(() -> Attempts.olderThan(root, cutoff))
                .compose(old -> removeOld(old, 0, new Sweep(cutoff, live), 0));
    }

    private Future<Integer> removeOld(List<ExecutionId> old, int next, Sweep sweep, int removed) {
        int at = next;
        while (at < old.size() && sweep.live.test(old.get(at))) {
            at++;
        }
        if (at >= old.size()) {
            return Future.succeededFuture(removed);
        }
        ExecutionId id = old.get(at);
        int following = at + 1;
        return onDisk(() -> Attempts.removeIfOlder(root, id, sweep.cutoff))
                .compose(gone -> removeOld(old, following, sweep, gone ? removed + 1 : removed));
    }

    /** Ends the workers; what is under way is finished by them, and nothing new is taken. */
    public Future<Void> close() {
        return Future.join(disk.close(), collect.close()).eventually(this::letGo).mapEmpty();
    }

    private Future<Void> letGo() {
        DirectoryLock taken = lock;
        if (taken == null) {
            return Future.succeededFuture();
        }
        return vertx.executeBlocking(
                () -> {
                    taken.release();
                    return null;
                },
                false);
    }

    private <T> Future<T> onDisk(Callable<T> work) {
        return disk.executeBlocking(
                () -> {
                    try {
                        return work.call();
                    } catch (Exception failure) {
                        throw Disk.failure(root, failure);
                    }
                },
                false);
    }

    private record Sweep(Instant cutoff, Predicate<ExecutionId> live) {}
}
