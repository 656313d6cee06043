package dev.longshore.results;

import io.vertx.core.buffer.Buffer;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The tar of a directory, made piece by piece: its regular files and directories, in the order of
 * their names. Blocks: worker threads only; any of them, one at a time.
 */
final class TreeTar implements Closeable {
    private static final int PIECE_BYTES = 64 << 10;
    private static final int FILE_MODE = 0100644;
    private static final int DIRECTORY_MODE = 040755;

    private final Path tree;
    private final String name;
    private final ByteArrayOutputStream made = new ByteArrayOutputStream(2 * PIECE_BYTES);
    private final TarArchiveOutputStream tar =
            new TarArchiveOutputStream(made, StandardCharsets.UTF_8.name());
    private final Deque<Iterator<Path>> open = new ArrayDeque<>();
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    private @Nullable FileChannel file;
    private long fileLeftBytes;
    private boolean begun;
    private boolean finished;
    private boolean closed;

    /** Of {@code tree}, which is a directory, as {@code name}. */
    TreeTar(Path tree, String name) {
        this.tree = tree;
        this.name = name;
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    Path tree() {
        return tree;
    }

    /** The next piece, or null at the end. */
    synchronized @Nullable Buffer next() throws IOException {
        while (made.size() < PIECE_BYTES && !finished && !closed) {
            advance();
        }
        if (made.size() == 0 || closed) {
            return null;
        }
        Buffer next = Buffer.buffer(made.toByteArray());
        made.reset();
        return next;
    }

    private void advance() throws IOException {
        FileChannel current = file;
        if (!begun) {
            begun = true;
            enter(tree, attributes(tree));
        } else if (current != null) {
            copy(current);
        } else if (open.isEmpty()) {
            tar.finish();
            finished = true;
        } else if (!open.getLast().hasNext()) {
            open.removeLast();
        } else {
            Path path = open.getLast().next();
            BasicFileAttributes attributes = attributes(path);
            if (attributes.isDirectory()) {
                enter(path, attributes);
            } else if (attributes.isRegularFile()) {
                begin(path, attributes);
            }
        }
    }

    private void enter(Path directory, BasicFileAttributes attributes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(nameOf(directory) + "/");
        entry.setMode(DIRECTORY_MODE);
        entry.setLastModifiedTime(attributes.lastModifiedTime());
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
        open.addLast(Disk.list(directory).iterator());
    }

    private void begin(Path path, BasicFileAttributes attributes) throws IOException {
        FileChannel opened = Disk.readable(path);
        file = opened;
        fileLeftBytes = opened.size();
        TarArchiveEntry entry = new TarArchiveEntry(nameOf(path));
        entry.setMode(FILE_MODE);
        entry.setLastModifiedTime(attributes.lastModifiedTime());
        entry.setSize(fileLeftBytes);
        tar.putArchiveEntry(entry);
    }

    private void copy(FileChannel from) throws IOException {
        piece.clear().limit((int) Math.min(PIECE_BYTES, fileLeftBytes));
        while (piece.hasRemaining()) {
            if (from.read(piece) < 0) {
                throw new IOException("a file became shorter while it was read");
            }
        }
        tar.write(piece.array(), 0, piece.position());
        fileLeftBytes -= piece.position();
        if (fileLeftBytes == 0) {
            tar.closeArchiveEntry();
            from.close();
            file = null;
        }
    }

    private String nameOf(Path path) {
        return path.equals(tree) ? name : name + "/" + tree.relativize(path);
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (file != null) {
            file.close();
        }
    }
}
