package dev.longshore.results;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * A file on its way to a container: written here as it comes, for the node's user only, and removed
 * when it has got there. Used on one context, and answers there; what was asked first is done
 * first. Every failure is a {@link ResultFailure}.
 */
public final class StagedFile {
    private static final Logger log = LoggerFactory.getLogger(StagedFile.class);

    /** How much is written between two looks at the room that is left. */
    private static final long LOOK_BYTES = 8L << 20;

    private final WorkerExecutor disk;
    private final Path path;
    private final long reserveBytes;
    private final MessageDigest digest = Unpacking.sha256();
    private final Future<FileChannel> opened;
    private long bytes;
    private long lookedAtBytes = -LOOK_BYTES;

    /** The last thing that was asked for; one that fails fails all that follow. */
    private Future<Void> before;

    StagedFile(WorkerExecutor disk, Path path, long reserveBytes) {
        this.disk = disk;
        this.path = path;
        this.reserveBytes = reserveBytes;
        this.opened =
                run(
                        () -> {
                            Disk.newDirectories(Disk.parent(path));
                            Files.deleteIfExists(path);
                            return Disk.newFile(path);
                        });
        this.before = opened.mapEmpty();
    }

    /**
     * A file that is whole.
     *
     * @param path where it is until it is removed
     * @param bytes its size
     * @param sha256 its digest in hexadecimal
     */
    public record Whole(Path path, long bytes, String sha256) {
        /** Refuses nulls by name. */
        public Whole {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(sha256, "sha256");
        }
    }

    /**
     * Appends the bytes, which nobody may change any more. Fails with {@link
     * ResultFailure.DiskFull} also where less than the reserve would be left.
     */
    public Future<Void> write(Buffer piece) {
        before =
                before.compose(
                        done ->
                                run(
                                        () -> {
                                            append(piece);
                                            return null;
                                        }));
        return before;
    }

    /** Completed when all that was given is on the disk. */
    public Future<Whole> finish() {
        return before.compose(
                done ->
                        run(
                                () -> {
                                    opened.result().close();
                                    String sha256 = HexFormat.of().formatHex(digest.digest());
                                    return new Whole(path, bytes, sha256);
                                }));
    }

    /** Removes it, whatever has become of it; what cannot be removed is told to the log. */
    public Future<Void> remove() {
        Future<Void> removed =
                before.transform(
                        any ->
                                run(
                                        () -> {
                                            if (opened.succeeded()) {
                                                opened.result().close();
                                            }
                                            Files.deleteIfExists(path);
                                            return null;
                                        }));
        before = Future.failedFuture(new ResultFailure.NotFound(path + " was removed"));
        return removed.recover(
                failure -> {
                    log.warn("what was fetched to {} stays: {}", path, failure.getMessage());
                    return Future.succeededFuture();
                });
    }

    private void append(Buffer piece) throws IOException {
        if (bytes - lookedAtBytes >= LOOK_BYTES) {
            lookedAtBytes = bytes;
            if (Files.getFileStore(path).getUsableSpace() < reserveBytes + piece.length()) {
                throw new ResultFailure.DiskFull(path);
            }
        }
        byte[] content = piece.getBytes();
        digest.update(content);
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
            opened.result().write(left);
        }
        bytes += content.length;
    }

    private <T> Future<T> run(Callable<T> work) {
        return disk.executeBlocking(
                () -> {
                    try {
                        return work.call();
                    } catch (Exception failure) {
                        throw Disk.failure(path, failure);
                    }
                },
                false);
    }
}
