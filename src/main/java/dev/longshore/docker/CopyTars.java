package dev.longshore.docker;

import io.vertx.core.buffer.Buffer;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is uploaded into a container, as one tar for each of its mounts and one for its root file
 * system: with a read-only root the engine takes no tar that starts at {@code /}, even if all of it
 * lies in mounts. Pure.
 */
final class CopyTars {
    private static final String ROOT = "/";

    private CopyTars() {}

    /** The tars by the directory at which each is unpacked, in the order of their first entries. */
    static Map<String, byte[]> of(List<CopyEntry> entries, Collection<String> mountTargets) {
        Map<String, List<CopyEntry>> byDirectory = new LinkedHashMap<>();
        for (CopyEntry entry : entries) {
            byDirectory
                    .computeIfAbsent(innermost(entry.path(), mountTargets), _ -> new ArrayList<>())
                    .add(entry);
        }
        Map<String, byte[]> tars = new LinkedHashMap<>();
        byDirectory.forEach((directory, part) -> tars.put(directory, tar(directory, part)));
        return tars;
    }

    /**
     * What comes before the content in the tar of one file, which is unpacked at this directory.
     */
    static Buffer header(String directory, CopyEntry.Stored file) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarArchiveOutputStream tar =
                new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        TarArchiveEntry header =
                new TarArchiveEntry(name(file.path(), directory), TarConstants.LF_NORMAL, true);
        header.setMode(file.mode());
        header.setIds(file.owner().uid(), file.owner().gid());
        header.setSize(file.bytes());
        try {
            tar.putArchiveEntry(header);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        // Never closed: the content does not go through it.
        return Buffer.buffer(bytes.toByteArray());
    }

    static String innermost(String path, Collection<String> mountTargets) {
        return mountTargets.stream()
                .filter(target -> ContainerPath.within(path, target))
                .max(Comparator.comparingInt(String::length))
                .orElse(ROOT);
    }

    private static byte[] tar(String directory, List<CopyEntry> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            for (CopyEntry entry : entries) {
                add(tar, name(entry.path(), directory), entry);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    /**
     * The name under the directory. For the directory itself it is {@code /}: the engine passes
     * over an entry named {@code .} without giving the directory its mode.
     */
    private static String name(String path, String directory) {
        if (path.equals(directory)) {
            return ROOT;
        }
        return path.substring(directory.equals(ROOT) ? 1 : directory.length() + 1);
    }

    private static void add(TarArchiveOutputStream tar, String name, CopyEntry entry)
            throws IOException {
        boolean directory = entry instanceof CopyEntry.Directory;
        TarArchiveEntry header =
                new TarArchiveEntry(
                        name, directory ? TarConstants.LF_DIR : TarConstants.LF_NORMAL, true);
        header.setMode(entry.mode());
        if (entry instanceof CopyEntry.File file) {
            header.setIds(file.uid(), file.gid());
            header.setSize(file.content().length);
            tar.putArchiveEntry(header);
            tar.write(file.content());
        } else {
            header.setIds(0, 0);
            tar.putArchiveEntry(header);
        }
        tar.closeArchiveEntry();
    }
}
