package dev.longshore.app.dev;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** What the doctor looks at on a real machine. */
public final class MachineProbes {
    private static final int JAVA = 25;
    private static final long GIB = 1L << 30;

    private final Machine machine;
    private final EngineApi api;

    /** Probes of {@code machine}. */
    public MachineProbes(Machine machine) {
        this.machine = machine;
        this.api = new EngineApi(machine.engine());
    }

    /**
     * All of them, in a good order.
     *
     * @param kafka the broker's address, or null where none is set
     */
    public List<Doctor.Probe> all(@Nullable String kafka) {
        return List.of(
                MachineProbes::java,
                this::user,
                this::engine,
                this::image,
                () -> List.of(broker(kafka)),
                () ->
                        List.of(
                                port("port 8080", 8080, "--http-port"),
                                port("port 9092", 9092, "--kafka-port")),
                this::disk,
                MachineProbes::gpus);
    }

    private static List<Check> java() {
        int feature = Runtime.version().feature();
        String detail = Runtime.version() + " (" + System.getProperty("java.vendor", "?") + ")";
        return List.of(
                feature >= JAVA
                        ? Check.ok("java", detail)
                        : Check.fail(
                                "java",
                                detail,
                                "install a JDK " + JAVA + ": https://adoptium.net"));
    }

    private List<Check> user() {
        if (machine.root()) {
            return List.of(Check.ok("user", "root"));
        }
        Path socket = machine.engine().socketFile();
        if (socket == null || !Files.exists(socket) || Files.isWritable(socket)) {
            return List.of(
                    Check.ok(
                            "user",
                            System.getProperty("user.name", "?") + ", may talk to the engine"));
        }
        return List.of(
                Check.fail(
                        "user",
                        System.getProperty("user.name", "?") + " may not write to " + socket,
                        "sudo usermod -aG docker $USER   # then log in again"));
    }

    private List<Check> engine() {
        EngineFacts facts;
        try {
            facts = api.facts();
        } catch (IOException e) {
            return List.of(
                    Check.fail(
                            "engine",
                            "no Docker engine answers at " + api.address(),
                            "./longshore doctor --fix, or:\n" + machine.howToGetAnEngine()));
        }
        return judge(facts, api.address());
    }

    static List<Check> judge(EngineFacts facts, EngineAddress address) {
        List<Check> checks = new ArrayList<>();
        checks.add(
                Check.ok(
                        "engine",
                        "Docker "
                                + facts.version()
                                + " at "
                                + address
                                + ", "
                                + facts.cores()
                                + " cores, "
                                + facts.memoryBytes() / GIB
                                + " GiB"));
        checks.add(
                facts.speaks(1, 41)
                        ? Check.ok("engine-api", facts.api())
                        : Check.fail(
                                "engine-api",
                                facts.api() + " is older than 1.41",
                                "update Docker to 20.10 or newer"));
        checks.add(Check.ok("cgroup", "v" + facts.cgroup()));
        checks.add(
                facts.storage().equals("vfs")
                        ? Check.warn(
                                "storage",
                                "vfs: every container is a full copy of its image",
                                "keep "
                                        + facts.rootDirectory()
                                        + " on ext4 or xfs, so that overlay2 works")
                        : Check.ok("storage", facts.storage()));
        checks.add(
                facts.bridge()
                        ? Check.ok("network", "bridge")
                        : Check.warn(
                                "network",
                                "the engine has no bridge: jobs run with network none (the default)"
                                        + " or host",
                                "restart dockerd without --bridge=none where the machine allows"
                                        + " iptables"));
        return checks;
    }

    private List<Check> image() {
        try {
            if (new ImageSetup(api, machine, line -> {}).present()) {
                return List.of(Check.ok("image", ImageSetup.IMAGE));
            }
            return List.of(
                    Check.warn(
                            "image",
                            ImageSetup.IMAGE + " is not there yet",
                            "./longshore doctor --fix, or: docker pull busybox"));
        } catch (IOException e) {
            return List.of(Check.warn("image", "not known: no engine answers", ""));
        }
    }

    private static Check broker(@Nullable String kafka) throws InterruptedException {
        if (kafka == null || kafka.isBlank()) {
            return Check.ok("broker", "none set: dev and demo bring their own");
        }
        String remedy =
                "check LONGSHORE_KAFKA_BOOTSTRAP_SERVERS and that the broker runs and lets this"
                        + " machine in";
        Map<String, Object> properties =
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        try (Admin admin = Admin.create(properties)) {
            List<Node> nodes =
                    List.copyOf(admin.describeCluster().nodes().get(6, TimeUnit.SECONDS));
            admin.close(Duration.ZERO);
            return Check.ok(
                    "broker",
                    kafka + ", " + nodes.size() + (nodes.size() == 1 ? " broker" : " brokers"));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return Check.fail("broker", "no Kafka answers at " + kafka, remedy);
        }
    }

    static Check port(String name, int port, String option) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return Check.ok(name, "free");
        } catch (IOException e) {
            return Check.warn(
                    name,
                    "in use (by a node of yours?)",
                    "./longshore dev "
                            + option
                            + " 0 takes a free one; see who has it: ss -ltnp 'sport = :"
                            + port
                            + "'");
        }
    }

    private List<Check> disk() throws IOException {
        Path directory = Path.of("").toAbsolutePath();
        try {
            Path root = Path.of(api.facts().rootDirectory());
            if (machine.engine().socketFile() != null && Files.isDirectory(root)) {
                directory = root;
            }
        } catch (IOException e) {
            // No engine: then the space here is what there is to say.
            directory = Path.of("").toAbsolutePath();
        }
        long free = Files.getFileStore(directory).getUsableSpace();
        return List.of(judgeDisk(directory, free));
    }

    static Check judgeDisk(Path directory, long freeBytes) {
        String detail =
                String.format(
                        java.util.Locale.ROOT,
                        "%.1f GiB free at %s",
                        (double) freeBytes / GIB,
                        directory);
        if (freeBytes < GIB) {
            return Check.fail(
                    "disk",
                    detail,
                    "docker system prune, or a larger disk: a full one loses log lines");
        }
        return freeBytes < 5 * GIB
                ? Check.warn("disk", detail, "docker system prune, or a larger disk")
                : Check.ok("disk", detail);
    }

    private static List<Check> gpus() throws IOException, InterruptedException {
        List<Check> found = new ArrayList<>();
        Path nvidia = Commands.find("nvidia-smi");
        if (nvidia != null) {
            Commands.Ended ended =
                    Commands.run(
                            Duration.ofSeconds(10),
                            nvidia.toString(),
                            "--query-gpu=name,memory.total,driver_version",
                            "--format=csv,noheader");
            found.add(
                    ended.ok()
                            ? Check.ok(
                                    "gpu",
                                    "NVIDIA: " + String.join("; ", ended.output().lines().toList()))
                            : Check.warn(
                                    "gpu",
                                    "nvidia-smi fails: " + ended.tail(1),
                                    "check the driver: nvidia-smi"));
        }
        Path dri = Path.of("/dev/dri");
        if (Files.isDirectory(dri)) {
            try (Stream<Path> files = Files.list(dri)) {
                long nodes =
                        files.filter(file -> file.getFileName().toString().startsWith("renderD"))
                                .count();
                found.add(
                        Check.ok(
                                "gpu",
                                nodes
                                        + " render device"
                                        + (nodes == 1 ? "" : "s")
                                        + " in /dev/dri"));
            }
        }
        return found.isEmpty() ? List.of(Check.ok("gpu", "none found")) : found;
    }
}
