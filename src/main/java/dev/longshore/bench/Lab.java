package dev.longshore.bench;

import dev.longshore.app.dev.EngineApi;
import dev.longshore.app.dev.EngineSetup;
import dev.longshore.app.dev.ImageSetup;
import dev.longshore.app.dev.Machine;
import dev.longshore.app.dev.SetupException;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a benchmark needs around it, started when it is asked for: a broker and nodes as processes
 * of their own, the engine, a directory. {@link #close} ends and removes all of it, in the opposite
 * order. One thread at a time; blocks.
 */
public final class Lab implements AutoCloseable {
    /** The label of every container that the bare engine runs here; its value tells runs apart. */
    static final String LABEL = "dev.longshore.bench";

    private static final Duration BROKER_START = Duration.ofSeconds(60);

    private final Consumer<String> progress;
    private final String run = "bench-" + Long.toString(System.currentTimeMillis(), 36);
    private final Path directory;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private @Nullable String broker;
    private @Nullable Machine machine;
    private int nodes;

    /**
     * Makes a directory for it.
     *
     * @param progress is told of each step in a line
     */
    public Lab(Consumer<String> progress) throws IOException {
        this.progress = progress;
        this.directory = Files.createTempDirectory("longshore-bench");
        owned.push(() -> deleteTree(directory));
    }

    /** Tells what happens now. */
    void say(String line) {
        progress.accept(line);
    }

    /** This run's name: the value of {@link #LABEL}, and what ids begin with. */
    String run() {
        return run;
    }

    Path directory() {
        return directory;
    }

    /** Has {@link #close} end this too, before all that is owned already. */
    <T extends AutoCloseable> T own(T closeable) {
        owned.push(closeable);
        return closeable;
    }

    /** The engine as {@code dev} finds it, with an image in it. */
    Machine machine() throws InterruptedException {
        Machine here = machine;
        if (here == null) {
            here = Machine.here();
            try {
                new EngineSetup(here, progress).ensure();
                new ImageSetup(new EngineApi(here.engine()), here, progress).ensure();
            } catch (SetupException e) {
                throw new BenchFailure(e.getMessage() + "\n" + e.remedy(), e);
            }
            machine = here;
        }
        return here;
    }

    /** Jobs by the engine alone, whose containers go at the end. */
    BareEngine bare() throws InterruptedException {
        BareEngine bare = new BareEngine(machine().engine(), run);
        own(() -> bare.removeAll(LABEL + "=" + run));
        return bare;
    }

    /** The address of a broker in a process of its own. */
    String broker() throws IOException, InterruptedException {
        String address = broker;
        if (address == null) {
            say("starting a Kafka broker in a process of its own");
            List<String> command = new ArrayList<>(java("-Xmx512m", "-XX:TieredStopAtLevel=1"));
            command.addAll(List.of("bench", "broker", directory.resolve("kafka").toString()));
            ChildProcess child = own(ChildProcess.start(this, "broker", command, Map.of()));
            address = child.awaitLine("broker ready ", BROKER_START).substring(13).strip();
            broker = address;
        }
        return address;
    }

    /**
     * A node in a process of its own, by the launcher, with these settings beside its own topics,
     * group and port, on the machine's engine unless they name another.
     */
    NodeProcess node(Map<String, String> settings) throws IOException, InterruptedException {
        return own(NodeProcess.start(this, nodeSettings(settings), Map.of()));
    }

    /** The settings of a node that shares nothing with another. */
    Map<String, String> nodeSettings(Map<String, String> settings)
            throws IOException, InterruptedException {
        String name = run + "-" + ++nodes;
        Map<String, String> flags = new LinkedHashMap<>();
        flags.put("kafka.bootstrap.servers", broker());
        flags.put("topics.prefix", name);
        flags.put("topics.partitions", "4");
        flags.put("group", name);
        flags.put("node.id", name);
        flags.put("http.port", "0");
        flags.put("drain.mode", "stop");
        flags.put("jobs.stop-grace", "1s");
        flags.put("disk.reserve", "0");
        flags.put("images.clean-below", "0");
        flags.put("results.directory", directory.resolve(name).toString());
        if (!settings.containsKey("docker.host")) {
            flags.put("docker.host", machine().engine().toString());
        }
        flags.putAll(settings);
        return flags;
    }

    /** The words that start this very program again, in a process of its own. */
    static List<String> java(String... flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.longshore.cli.Main"));
        return command;
    }

    /** The words that start {@code dev} by the launcher, on free ports, with its data here. */
    List<String> devCommand() {
        return List.of(
                launcher().toString(),
                "dev",
                "--http-port",
                "0",
                "--kafka-port",
                "0",
                "--data-dir",
                directory.resolve("dev").toString());
    }

    /** The launcher beside this program's jar. */
    static Path launcher() {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path folder = Path.of(entry).toAbsolutePath().getParent();
            Path home = folder == null ? null : folder.getParent();
            if (home != null && Files.isExecutable(home.resolve("longshore"))) {
                return home.resolve("longshore");
            }
        }
        throw new BenchFailure(
                "there is no ./longshore beside the program: nodes are started by it");
    }

    /** Processors, memory, Java and how busy it is. */
    static String machineLine() throws IOException {
        Path load = Path.of("/proc/loadavg");
        String busy = Files.exists(load) ? Files.readString(load).split(" ", 2)[0] : "?";
        return Runtime.getRuntime().availableProcessors()
                + " cores, "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + ", Java "
                + Runtime.version()
                + ", load "
                + busy;
    }

    @Override
    public void close() throws IOException {
        // An interrupt brought us here, perhaps: what follows waits for processes to end.
        boolean interrupted = Thread.interrupted();
        IOException failure = null;
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                failure = failure == null ? new IOException("clearing up: " + e, e) : failure;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
