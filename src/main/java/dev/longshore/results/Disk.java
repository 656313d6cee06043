package dev.longshore.results;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Files as this room makes them: for their owner only, never through a link. Everything blocks, so
 * it is called on worker threads only.
 */
final class Disk {
    private static final FileAttribute<Set<PosixFilePermission>> OWN_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWN_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<OpenOption> NEW =
            Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> READ =
            Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private static final Set<OpenOption> READ_WRITE =
            Set.of(
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);

    private Disk() {}

    static FileChannel newFile(Path file) throws IOException {
        return FileChannel.open(file, NEW, OWN_FILE);
    }

    /** Made where it is missing, otherwise as it is. */
    static FileChannel readableAndWritable(Path file) throws IOException {
        return FileChannel.open(file, READ_WRITE, OWN_FILE);
    }

    static FileChannel readable(Path file) throws IOException {
        return FileChannel.open(file, READ);
    }

    static void newDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, OWN_DIRECTORY);
    }

    /** With all that is missing above it. */
    static void newDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, OWN_DIRECTORY);
    }

    /** Of a path that is not the file system's own top. */
    static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), path::toString);
    }

    /** Whether it is a directory itself, not a link to one. */
    static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether anything has this name, were it a link to nowhere. */
    static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** What a directory holds, in the order of its names; nothing where it is missing. */
    static List<Path> list(Path directory) throws IOException {
        List<Path> children = new ArrayList<>();
        if (!isDirectory(directory)) {
            return children;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        } catch (NoSuchFileException gone) {
            return List.of();
        }
        children.sort(null);
        return children;
    }

    /** Removes it with all that it holds; a link is removed, not what it leads to. */
    static void remove(Path path) throws IOException {
        if (!exists(path)) {
            return;
        }
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** Whether anything in it was written at {@code since} or later. */
    static boolean writtenSince(Path path, Instant since) throws IOException {
        boolean[] found = new boolean[1];
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) {
                        return look(attributes);
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        return look(attributes);
                    }

                    private FileVisitResult look(BasicFileAttributes attributes) {
                        found[0] = !attributes.lastModifiedTime().toInstant().isBefore(since);
                        return found[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                    }
                });
        return found[0];
    }

    /** The failure for callers; one that is for them already stays as it is. */
    static ResultFailure failure(Path path, Throwable thrown) {
        if (thrown instanceof ResultFailure known) {
            return known;
        }
        return thrown instanceof IOException io && isFull(io)
                ? new ResultFailure.DiskFull(path)
                : new ResultFailure.DiskFailed(path, thrown);
    }

    /** Java has no type for it: the text is the operating system's (ENOSPC, EDQUOT). */
    static boolean isFull(IOException failure) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("no space left on device") || text.contains("quota exceeded");
    }
}
