package dev.longshore.app.dev;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts {@code dockerd} by hand, in a session of its own so that neither our end nor a Ctrl-C in
 * our terminal ends it. Blocks the calling thread.
 */
public final class DockerDaemon {
    private DockerDaemon() {}

    /** What containers can reach. */
    public enum Networking {
        /** The engine's default: a bridge, with rules of iptables. */
        BRIDGE,
        /** No bridge and no rules: containers run with no network or with the host's. */
        NONE
    }

    /**
     * Where a daemon keeps its things.
     *
     * @param flags its own flags for its directories and socket; empty for the machine's own daemon
     * @param address where it will listen
     * @param pidFile the file with its process id
     * @param execRoot its directory for things that run
     * @param log where its output goes
     */
    public record Layout(
            List<String> flags, EngineAddress address, Path pidFile, Path execRoot, Path log) {
        /** The machine's own daemon, at its usual places. */
        public static Layout ofMachine(Path log) {
            return new Layout(
                    List.of(),
                    EngineAddress.DEFAULT,
                    Path.of("/var/run/docker.pid"),
                    Path.of("/var/run/docker"),
                    log);
        }

        /**
         * A private daemon with everything below {@code directory}; the path must be short, as a
         * socket lies in it.
         */
        public static Layout below(Path directory) {
            Path socket = directory.resolve("s");
            Path pidFile = directory.resolve("p");
            Path execRoot = directory.resolve("e");
            List<String> flags =
                    List.of(
                            "--data-root=" + directory.resolve("d"),
                            "--exec-root=" + execRoot,
                            "--pidfile=" + pidFile,
                            "--host=unix://" + socket);
            return new Layout(
                    flags, EngineAddress.of(socket), pidFile, execRoot, directory.resolve("log"));
        }
    }

    /**
     * Starts a daemon and waits until it answers.
     *
     * @throws SetupException where it ended instead or does not answer in time; the message ends
     *     with what it said
     */
    public static Process start(Layout layout, Networking networking, Duration within)
            throws IOException, InterruptedException, SetupException {
        Path dockerd = Commands.find("dockerd");
        if (dockerd == null) {
            throw new SetupException("dockerd is not installed", "install the package docker.io");
        }
        removeStale(layout.pidFile(), "dockerd");
        removeStale(layout.execRoot().resolve("containerd/containerd.pid"), "containerd");
        Process process = launch(dockerd, layout, networking);
        EngineApi api = new EngineApi(layout.address());
        long deadline = System.nanoTime() + within.toNanos();
        while (!api.answers(Duration.ofSeconds(2))) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new SetupException(
                        "dockerd ended with exit code "
                                + process.exitValue()
                                + ": "
                                + lastWords(layout.log()),
                        "see " + layout.log());
            }
            if (System.nanoTime() > deadline) {
                process.destroy();
                throw new SetupException(
                        "dockerd does not answer after "
                                + within.toSeconds()
                                + " s: "
                                + lastWords(layout.log()),
                        "see " + layout.log());
            }
        }
        return process;
    }

    private static Process launch(Path dockerd, Layout layout, Networking networking)
            throws IOException {
        List<String> words = new ArrayList<>();
        Path setsid = Commands.find("setsid");
        if (setsid != null) {
            words.add(setsid.toString());
        }
        words.add(dockerd.toString());
        words.addAll(layout.flags());
        if (networking == Networking.NONE) {
            words.addAll(List.of("--bridge=none", "--iptables=false"));
        }
        Files.createDirectories(layout.log().toAbsolutePath().getParent());
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .directory(Path.of("/").toFile())
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(layout.log().toFile()));
        // It would listen where it should only be called.
        builder.environment().remove("DOCKER_HOST");
        return builder.start();
    }

    /**
     * Removes a pid file whose process is gone or is another program by now: a daemon would refuse
     * to start.
     */
    static void removeStale(Path pidFile, String program) throws IOException {
        if (Files.exists(pidFile) && runningPid(pidFile, program) == null) {
            Files.deleteIfExists(pidFile);
        }
    }

    /** The process named in the file, if it lives and is {@code program}; else null. */
    public static @Nullable Long runningPid(Path pidFile, String program) throws IOException {
        if (!Files.exists(pidFile)) {
            return null;
        }
        String pid = Files.readString(pidFile).strip();
        Path name = Path.of("/proc", pid.matches("\\d{1,10}") ? pid : "none", "comm");
        if (!Files.exists(name)) {
            return null;
        }
        return Files.readString(name).strip().equals(program) ? Long.valueOf(pid) : null;
    }

    private static String lastWords(Path log) throws IOException {
        List<String> lines =
                new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .toList();
        for (String line : lines.reversed().subList(0, Math.min(5, lines.size()))) {
            if (line.contains("failed to start daemon") || line.contains("level=fatal")) {
                return line;
            }
        }
        return lines.isEmpty() ? "it said nothing" : lines.getLast();
    }
}
