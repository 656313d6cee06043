package dev.longshore.app.dev;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes the file system of a small image from the machine's own static busybox, without any
 * registry.
 */
final class BusyboxImage {
    private static final Duration SHORT = Duration.ofSeconds(10);

    private BusyboxImage() {}

    /**
     * A static busybox: the machine's own, else the one in Debian's package, unpacked and not
     * installed.
     */
    static byte[] program(Machine machine)
            throws IOException, InterruptedException, SetupException {
        Path own = Path.of("/bin/busybox");
        if (Files.isExecutable(own) && isStatic(Files.readAllBytes(own))) {
            return Files.readAllBytes(own);
        }
        if (!machine.debian()) {
            throw new SetupException(
                    "there is no static busybox on this machine to make an image from",
                    "load an image by hand: docker pull busybox, or docker load < busybox.tar");
        }
        Path directory = Files.createTempDirectory("longshore-busybox");
        try {
            return unpacked(machine, directory);
        } finally {
            deleteBelow(directory);
        }
    }

    private static byte[] unpacked(Machine machine, Path directory)
            throws IOException, InterruptedException, SetupException {
        if (machine.root() && !EngineSetup.hasLists()) {
            Commands.run(Duration.ofMinutes(2), "apt-get", "update");
        }
        Commands.Ended download =
                Commands.run(
                        directory,
                        Duration.ofMinutes(1),
                        List.of("apt-get", "download", "busybox-static"));
        if (!download.ok()) {
            throw new SetupException(
                    "busybox-static could not be had: " + download.tail(2),
                    "sudo apt-get update && sudo apt-get install -y busybox-static, then try"
                            + " again");
        }
        Path archive;
        try (Stream<Path> files = Files.list(directory)) {
            archive =
                    files.filter(file -> file.toString().endsWith(".deb"))
                            .findFirst()
                            .orElseThrow(() -> new IOException("apt-get download left no package"));
        }
        Path tree = directory.resolve("tree");
        Commands.Ended unpack =
                Commands.run(SHORT, "dpkg-deb", "-x", archive.toString(), tree.toString());
        if (!unpack.ok()) {
            throw new IOException("dpkg-deb: " + unpack.tail(2));
        }
        // Debian moved it from /bin to /usr/bin.
        Path found =
                Files.exists(tree.resolve("bin/busybox"))
                        ? tree.resolve("bin/busybox")
                        : tree.resolve("usr/bin/busybox");
        return Files.readAllBytes(found);
    }

    /**
     * The image's files as a tar: the program, a link for each applet, users, a home, a place for
     * temporary files.
     */
    static byte[] tar(byte[] program, List<String> applets) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(program.length + (1 << 20));
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (String directory :
                    List.of(
                            "bin/", "etc/", "root/", "tmp/", "usr/", "var/", "dev/", "proc/",
                            "sys/")) {
                TarArchiveEntry entry = entry(directory, TarConstants.LF_DIR);
                entry.setMode(directory.equals("tmp/") ? 01777 : 0755);
                put(tar, entry, new byte[0]);
            }
            link(tar, "usr/bin", "../bin");
            link(tar, "sbin", "bin");
            TarArchiveEntry busybox = entry("bin/busybox", TarConstants.LF_NORMAL);
            busybox.setMode(0755);
            put(tar, busybox, program);
            for (String applet : applets) {
                // A link of that name to itself would replace the program.
                if (!applet.equals("busybox") && applet.matches("[A-Za-z0-9._\\[-]+")) {
                    link(tar, "bin/" + applet, "busybox");
                }
            }
            for (Map.Entry<String, String> file : files().entrySet()) {
                put(
                        tar,
                        entry(file.getKey(), TarConstants.LF_NORMAL),
                        file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /** The names that this busybox answers to. */
    static List<String> applets(byte[] program) throws IOException, InterruptedException {
        // It looks at its own name: under any other it would look for an applet called so.
        Path directory = Files.createTempDirectory("longshore-busybox");
        Path file = directory.resolve("busybox");
        try {
            Files.write(file, program);
            if (!file.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + file + " executable");
            }
            Commands.Ended list = Commands.run(SHORT, file.toString(), "--list");
            if (!list.ok()) {
                throw new IOException("busybox --list: " + list.tail(2));
            }
            return list.output().lines().toList();
        } finally {
            deleteBelow(directory);
        }
    }

    /** Whether an ELF program needs no loader: none of its program headers is PT_INTERP. */
    static boolean isStatic(byte[] elf) {
        if (elf.length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[4] != 2) {
            return false;
        }
        var header = java.nio.ByteBuffer.wrap(elf).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        long table = header.getLong(32);
        int size = header.getShort(54);
        int count = header.getShort(56);
        for (int i = 0; i < count; i++) {
            long at = table + (long) i * size;
            if (at < 0 || at + 4 > elf.length || header.getInt((int) at) == 3) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, String> files() {
        String users =
                """
                root:x:0:0:root:/root:/bin/sh
                nobody:x:65534:65534:nobody:/:/bin/false
                """;
        String groups =
                """
                root:x:0:
                nogroup:x:65534:
                """;
        return new TreeMap<>(Map.of("etc/passwd", users, "etc/group", groups));
    }

    private static void link(TarArchiveOutputStream tar, String name, String target)
            throws IOException {
        TarArchiveEntry entry = entry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        put(tar, entry, new byte[0]);
    }

    private static TarArchiveEntry entry(String name, byte type) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setModTime(0L);
        entry.setIds(0, 0);
        return entry;
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] content)
            throws IOException {
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    static void deleteBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
