package dev.longshore.testing;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.app.dev.DockerDaemon;
import dev.longshore.app.dev.DockerDaemon.Layout;
import dev.longshore.app.dev.DockerDaemon.Networking;
import dev.longshore.app.dev.EngineApi;
import dev.longshore.app.dev.ImageSetup;
import dev.longshore.app.dev.Machine;
import dev.longshore.app.dev.SetupException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A Docker engine of a test's own: everything below one directory, no network, nothing left after
 * {@link #close()}. It can be stopped, killed and started again on the same data. Needs root and an
 * installed {@code dockerd}. One thread at a time.
 */
public final class PrivateEngine implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String PREFIX = "ls-";

    private final Path directory;
    private final Layout layout;
    private @Nullable Process daemon;

    private PrivateEngine(Path directory, List<String> flags) {
        this.directory = directory;
        Layout usual = Layout.below(directory);
        List<String> all = new ArrayList<>(usual.flags());
        all.addAll(flags);
        this.layout =
                new Layout(all, usual.address(), usual.pidFile(), usual.execRoot(), usual.log());
    }

    /** Makes one and starts it, with the image {@link ImageSetup#IMAGE} in it. */
    public static PrivateEngine create() {
        return create(List.of());
    }

    /** The same of a daemon with more flags. */
    public static PrivateEngine create(List<String> flags) {
        try {
            // Short: a socket's path may have 107 bytes, and containerd's lies three levels deeper.
            Path directory = Files.createTempDirectory(Path.of("/tmp"), PREFIX);
            Files.writeString(
                    directory.resolve("owner"), String.valueOf(ProcessHandle.current().pid()));
            PrivateEngine engine = new PrivateEngine(directory, flags);
            try {
                engine.start();
                new ImageSetup(engine.api(), Machine.here(), line -> {}).importLocal();
                return engine;
            } catch (IOException | SetupException | RuntimeException e) {
                engine.close();
                throw e;
            }
        } catch (IOException | SetupException e) {
            throw new IllegalStateException("no private engine: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Its address, as {@code unix:///tmp/ls-…/s}. */
    public String host() {
        return layout.address().host();
    }

    /** Its directory: {@code d} data, {@code e} what runs, {@code log}. */
    public Path directory() {
        return directory;
    }

    /** Simple calls to it. */
    public EngineApi api() {
        return new EngineApi(layout.address());
    }

    /** The process of the daemon while it runs. */
    public @Nullable ProcessHandle daemon() {
        Process process = daemon;
        return process == null || !process.isAlive() ? null : process.toHandle();
    }

    /** Starts it on its data and waits until it answers. */
    public void start() {
        if (daemon() != null) {
            throw new IllegalStateException("runs already");
        }
        try {
            daemon = DockerDaemon.start(layout, Networking.NONE, START);
        } catch (IOException | SetupException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * Ends it as a restart of the service would (SIGTERM): it stops its containers; waits for its
     * end.
     */
    public void stop() {
        end(false);
    }

    /** Ends it at once (SIGKILL): its containers go on until the next start. */
    public void kill() {
        end(true);
        // With the old process ids there, the next start now and then waits for a containerd that
        // is gone.
        delete(layout.pidFile());
        delete(layout.execRoot().resolve("containerd/containerd.pid"));
    }

    /** Ends it with everything it started, programs included, as a loss of power would. */
    public void crash() {
        kill();
        endLeftOvers(directory);
    }

    /** Has it stand still (SIGSTOP), connections open, or go on again. */
    public void hang(boolean still) {
        ProcessHandle process = daemon();
        if (process == null) {
            throw new IllegalStateException("does not run");
        }
        try {
            String signal = still ? "-STOP" : "-CONT";
            new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@link #stop()}, then {@link #start()}. */
    public void restart() {
        stop();
        start();
    }

    /**
     * Removes its containers, ends it and everything it started, unmounts and deletes its
     * directory. Idempotent.
     */
    @Override
    public void close() {
        if (daemon() != null) {
            removeContainers();
            end(false);
        }
        endLeftOvers(directory);
        unmountBelow(directory);
        deleteTree(directory);
    }

    /** Cleans up after test JVMs that were killed before they could. */
    static void sweepOrphans() {
        try (Stream<Path> found = Files.list(Path.of("/tmp"))) {
            for (Path orphan : found.filter(PrivateEngine::isOrphan).toList()) {
                endLeftOvers(orphan);
                unmountBelow(orphan);
                deleteTree(orphan);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot look for engines left behind", e);
        }
    }

    private static boolean isOrphan(Path candidate) {
        Path owner = candidate.resolve("owner");
        if (!candidate.getFileName().toString().startsWith(PREFIX) || !Files.exists(owner)) {
            return false;
        }
        try {
            String pid = Files.readString(owner).strip();
            return pid.matches("\\d+") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
        } catch (IOException e) {
            return false; // another sweep was quicker
        }
    }

    private void end(boolean atOnce) {
        Process process = daemon;
        daemon = null;
        if (process == null) {
            return;
        }
        ProcessHandle handle = process.toHandle();
        if (atOnce) {
            handle.destroyForcibly();
        } else {
            handle.destroy();
        }
        if (!awaitEnd(handle, 30)) {
            handle.destroyForcibly();
            if (!awaitEnd(handle, 10)) {
                throw new IllegalStateException("dockerd does not end: process " + handle.pid());
            }
        }
    }

    private void removeContainers() {
        Duration within = Duration.ofSeconds(20);
        try {
            for (JsonNode container :
                    api().get("/containers/json?all=true", within).orFail("list").json()) {
                api().delete(
                                "/containers/"
                                        + container.path("Id").asText()
                                        + "?force=true&v=true",
                                within);
            }
        } catch (IOException e) {
            // A daemon that a test has hurt may not answer; its processes are ended below all the
            // same.
            System.err.println(
                    "containers of "
                            + directory
                            + " were not removed in good order: "
                            + e.getMessage());
        }
    }

    /**
     * Ends what the daemon started and left: containerd, shims (whose arguments name our
     * directory), their programs.
     */
    private static void endLeftOvers(Path directory) {
        List<ProcessHandle> ours =
                ProcessHandle.allProcesses()
                        .filter(handle -> handle.pid() != ProcessHandle.current().pid())
                        .filter(handle -> belongsTo(handle, directory))
                        .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
                        .distinct()
                        .toList();
        ours.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle handle : ours) {
            if (!awaitEnd(handle, 10)) {
                throw new IllegalStateException("still there: process " + handle.pid());
            }
        }
    }

    private static boolean belongsTo(ProcessHandle handle, Path directory) {
        try {
            String words =
                    Files.readString(Path.of("/proc", String.valueOf(handle.pid()), "cmdline"));
            String program = words.split("\0", 2)[0];
            return (program.endsWith("dockerd") || program.contains("containerd"))
                    && words.contains(directory + "/");
        } catch (IOException e) {
            return false; // it has ended meanwhile
        }
    }

    private static boolean awaitEnd(ProcessHandle handle, int seconds) {
        try {
            handle.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void unmountBelow(Path directory) {
        try {
            List<String> points =
                    Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                            .map(line -> line.split(" ", -1)[4])
                            .filter(point -> point.startsWith(directory + "/"))
                            .sorted(Comparator.reverseOrder())
                            .toList();
            for (String point : points) {
                new ProcessBuilder("umount", "-l", point)
                        .inheritIO()
                        .start()
                        .waitFor(10, TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot unmount below " + directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void deleteTree(Path directory) {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(PrivateEngine::delete);
        } catch (IOException e) {
            throw new IllegalStateException("cannot delete " + directory, e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new IllegalStateException("cannot delete " + file, e);
        }
    }
}
