package dev.longshore.docker;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The files of one {@link FakeContainer}; guarded by the fake's own lock. */
final class FakeFiles {
    private final Map<String, CopyEntry> entries = new TreeMap<>();

    void put(CopyEntry entry) {
        entries.put(entry.path(), entry);
    }

    void write(String path, byte[] content) {
        put(CopyEntry.file(path, content, 0644, 0, 0));
    }

    byte @Nullable [] read(String path) {
        return entries.get(path) instanceof CopyEntry.File file ? file.content() : null;
    }

    long bytes(Predicate<String> counted) {
        return entries.values().stream()
                .filter(entry -> counted.test(entry.path()))
                .mapToLong(
                        entry -> entry instanceof CopyEntry.File file ? file.content().length : 0)
                .sum();
    }

    /** As the engine names things: from the last part of the path on; null for nothing there. */
    byte @Nullable [] tar(String path) {
        if (entries.keySet().stream().noneMatch(there -> ContainerPath.within(there, path))) {
            return null;
        }
        int parent = path.lastIndexOf('/') + 1;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            if (!(entries.get(path) instanceof CopyEntry.File)) {
                add(tar, CopyEntry.directory(path, 0755), parent);
            }
            for (CopyEntry entry : entries.values()) {
                boolean top = entry.path().equals(path) && entry instanceof CopyEntry.Directory;
                if (ContainerPath.within(entry.path(), path) && !top) {
                    add(tar, entry, parent);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, CopyEntry entry, int parent)
            throws IOException {
        String name = entry.path().substring(parent);
        byte[] content = entry instanceof CopyEntry.File file ? file.content() : new byte[0];
        TarArchiveEntry header =
                new TarArchiveEntry(entry instanceof CopyEntry.File ? name : name + "/");
        header.setMode(entry.mode());
        header.setSize(content.length);
        tar.putArchiveEntry(header);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
