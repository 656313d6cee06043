package dev.longshore.results;

import dev.longshore.job.CollectedOutput;
import dev.longshore.job.CollectedOutput.Entry;
import dev.longshore.job.Output;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Writes one output of one attempt from its tar, which is taken for hostile: a program has chosen
 * every name and kind in it. Blocks, on the disk and on the tar: one worker thread.
 *
 * <p>Safe by what is never done: no link is ever made, and all that is written is new, by names
 * without {@code ..}, in a directory that only this node's user can write. So nothing in it can
 * lead out of it. A further name of a file (a hard link) becomes a copy, read from what was written
 * here. It is filled under a name of its own and moved in place when it is whole.
 */
final class Unpacking {
    private static final Logger log = LoggerFactory.getLogger(Unpacking.class);

    /** Below Linux's 4096, which counts the end of the text. */
    private static final int MOST_PATH_BYTES = 4_000;

    private final Output output;
    private final Allowance allowance;
    private final Path whole;
    private final Path part;
    private final int pathBytes;
    private final Manifest manifest = new Manifest();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private long skipped;

    Unpacking(Path attempt, Output output, Allowance allowance) {
        this.output = output;
        this.allowance = allowance;
        Path outputs = attempt.resolve("outputs");
        this.whole = outputs.resolve(output.name());
        // A name of an output never begins with a dot.
        this.part = outputs.resolve("." + output.name());
        this.pathBytes = part.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Reads to the end, or as far as it is let. */
    CollectedOutput from(TarFeed feed) {
        Allowance.Left before = allowance.left();
        try {
            Path outputs = Disk.parent(part);
            if (!Disk.isDirectory(outputs)) {
                Disk.newDirectory(outputs);
            }
            Disk.remove(part);
            Disk.newDirectory(part);
            unpack(new TarEntries(feed, output.name()));
            Disk.remove(whole);
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException failure) {
            allowance.restore(before);
            clear();
            throw Disk.failure(part, failure);
        }
        if (skipped > 0) {
            log.warn(
                    "{} entries of the output {} were skipped: symbolic links, pipes, sockets,"
                            + " devices or names that are no clean text",
                    skipped,
                    whole);
        }
        return new CollectedOutput(
                output.name(),
                whole.toString(),
                manifest.files(),
                manifest.bytes(),
                manifest.list(allowance));
    }

    private void clear() {
        try {
            Disk.remove(part);
        } catch (IOException failure) {
            log.warn("what was written of {} stays: {}", part, failure.toString());
        }
    }

    private void unpack(TarEntries tar) throws IOException {
        while (tar.next()) {
            EntryName name = tar.name();
            if (name.below().isEmpty()) {
                continue;
            }
            int directories = name.below().size() - (tar.isDirectory() ? 0 : 1);
            Path first = tar.isHardLink() ? first(tar) : null;
            long size = first == null ? tar.bytes() : Files.size(first);
            allowance.take(output.name(), size, directories);
            if (!write(name, tar, first)) {
                skipped++;
            }
        }
    }

    /** The file that was written here under a hard link's first name, or null where none was. */
    private @Nullable Path first(TarEntries tar) {
        EntryName linked = tar.linked();
        Path file = linked == null ? null : place(linked);
        return file != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? file : null;
    }

    /** Where it belongs, or null where it cannot be had there. */
    private @Nullable Path place(EntryName name) {
        String path = name.path();
        int length = pathBytes + 1 + path.getBytes(StandardCharsets.UTF_8).length;
        if (!name.clean() || length > MOST_PATH_BYTES) {
            return null;
        }
        try {
            return part.resolve(path);
        } catch (InvalidPathException inNoCharset) {
            // Java writes names in the locale's encoding, and this node's may have no such letters.
            return null;
        }
    }

    /**
     * @param first of a hard link, the file that it is another name of
     */
    private boolean write(EntryName name, TarEntries tar, @Nullable Path first) throws IOException {
        Path target = place(name);
        // An engine names a directory before what is in it. Where the parent is missing it was
        // skipped, or something else has its name; what came first stays.
        if (target == null || !Disk.isDirectory(Disk.parent(target))) {
            return false;
        }
        if (tar.isDirectory()) {
            return directory(target);
        }
        if ((first == null && !tar.isFile()) || Disk.exists(target)) {
            return false;
        }
        if (first == null) {
            long bytes = tar.bytes();
            manifest.add(new Entry(name.path(), bytes, copy(into -> tar.read(into), target)));
        } else {
            try (FileChannel from = Disk.readable(first)) {
                long bytes = from.size();
                String sha256 = copy(into -> from.read(ByteBuffer.wrap(into)), target);
                manifest.add(new Entry(name.path(), bytes, sha256));
            }
        }
        return true;
    }

    private static boolean directory(Path target) throws IOException {
        if (!Disk.exists(target)) {
            Disk.newDirectory(target);
            return true;
        }
        return Disk.isDirectory(target);
    }

    private String copy(Content content, Path target) throws IOException {
        MessageDigest digest = sha256();
        try (FileChannel file = Disk.newFile(target)) {
            int count = content.read(buffer.array());
            while (count >= 0) {
                digest.update(buffer.array(), 0, count);
                buffer.clear().limit(count);
                while (buffer.hasRemaining()) {
                    file.write(buffer);
                }
                count = content.read(buffer.array());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** What a file is written from: fills the bytes, answers how many, -1 at the end. */
    @FunctionalInterface
    private interface Content {
        int read(byte[] into) throws IOException;
    }
}
