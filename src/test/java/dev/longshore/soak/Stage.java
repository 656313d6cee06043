package dev.longshore.soak;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.kafka.Topics;
import dev.longshore.testing.BrokerMain;
import dev.longshore.testing.JavaProcess;
import dev.longshore.testing.PrivateEngine;
import dev.longshore.testing.TestBroker;
import dev.longshore.testing.TestEngine;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;

/**
 * What a node stands on, each in a process of its own that may be killed: a broker and an engine;
 * and a producer of commands. One thread at a time.
 */
final class Stage implements AutoCloseable {
    static final Duration START = Duration.ofMinutes(2);
    private static final int MOST_STARTS = 4;
    private static final Duration CALL = Duration.ofSeconds(20);

    private final Path directory;
    private final String bootstrap;
    private final JavaProcess broker;
    private final PrivateEngine engine;
    private @Nullable KafkaProducer<String, String> producer;

    private Stage(Path directory, int port, int toldPort, PrivateEngine engine) {
        this.directory = directory;
        this.engine = engine;
        this.bootstrap = "127.0.0.1:" + toldPort;
        this.broker =
                new JavaProcess(
                        new JavaProcess.Program(
                                BrokerMain.class.getName(),
                                List.of("-Xmx384m", temporaryFilesIn(directory)),
                                List.of(
                                        directory.resolve("broker").toString(),
                                        String.valueOf(port),
                                        String.valueOf(toldPort)),
                                Map.of()),
                        directory.resolve("broker.log"));
    }

    static Stage open() throws IOException {
        int port = freePort();
        return open(port, port);
    }

    /** The same with a broker that tells its clients to come by another port. */
    static Stage open(int port, int toldPort) throws IOException {
        Path directory = Files.createTempDirectory("longshore-soak");
        Files.createDirectory(directory.resolve("tmp"));
        PrivateEngine engine = TestEngine.privateEngine();
        Stage stage = new Stage(directory, port, toldPort, engine);
        try {
            stage.startBroker();
            return stage;
        } catch (RuntimeException | Error failure) {
            stage.close();
            throw failure;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    String bootstrap() {
        return bootstrap;
    }

    PrivateEngine engine() {
        return engine;
    }

    Path directory() {
        return directory;
    }

    void startBroker() {
        broker.start().awaitLine(BrokerMain.READY, START);
    }

    /**
     * Starts a node, as often as it takes on a machine that is busy, and waits until it is ready.
     */
    static void startReady(JavaProcess node) {
        node.start();
        awaitReady(node);
    }

    /** Waits for a node that is started; one that found the broker too slow is started again. */
    static void awaitReady(JavaProcess node) {
        for (int attempt = 1; ; attempt++) {
            try {
                node.awaitLine("ready ", START);
                return;
            } catch (AssertionError failure) {
                if (attempt == MOST_STARTS || !startedAgain(node)) {
                    throw failure;
                }
            }
        }
    }

    /** What a supervisor does with a node that could not start, and with no other. */
    static boolean startedAgain(JavaProcess node) {
        boolean gaveUp =
                !node.isAlive()
                        && (node.printed().contains("could not start: cannot use the brokers")
                                || node.printed().contains("could not start: not ready after"));
        if (gaveUp) {
            node.start();
        }
        return gaveUp;
    }

    void killBroker() {
        broker.kill();
    }

    /** A node that is not started yet, with topics, group and directories of its own. */
    JavaProcess.Program node(String name, int partitions) {
        return node(name, partitions, Map.of());
    }

    /** The same with more settings, or others: with another {@code node.id} a second one. */
    JavaProcess.Program node(String name, int partitions, Map<String, String> others) {
        String id = others.getOrDefault("node.id", name);
        Map<String, String> settings =
                new HashMap<>(
                        Map.ofEntries(
                                Map.entry("kafka.bootstrap.servers", bootstrap),
                                Map.entry("topics.prefix", name),
                                Map.entry("topics.partitions", String.valueOf(partitions)),
                                Map.entry("group", name + "-nodes"),
                                Map.entry("node.id", id),
                                Map.entry("http.port", "0"),
                                Map.entry("docker.host", engine.host()),
                                Map.entry("policy.volumes", "*"),
                                Map.entry("jobs.cpu-overcommit", "4"),
                                Map.entry("jobs.stop-grace", "1s"),
                                Map.entry("disk.reserve", "0"),
                                Map.entry("results.directory", directory.resolve(id).toString())));
        settings.putAll(others);
        List<String> arguments = new ArrayList<>(List.of("serve"));
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return new JavaProcess.Program(
                "dev.longshore.cli.Main",
                List.of(temporaryFilesIn(directory)),
                arguments,
                Map.of());
    }

    /** What is killed cannot clean up after itself. */
    private static String temporaryFilesIn(Path directory) {
        return "-Djava.io.tmpdir=" + directory.resolve("tmp");
    }

    Path log(String name) {
        return directory.resolve(name + ".log");
    }

    private KafkaProducer<String, String> producer() {
        KafkaProducer<String, String> open = producer;
        if (open == null) {
            open =
                    new KafkaProducer<>(
                            Map.of("bootstrap.servers", bootstrap),
                            new StringSerializer(),
                            new StringSerializer());
            producer = open;
        }
        return open;
    }

    /** Writes a start command; back once the broker has it. */
    void submit(String name, Job job) {
        try {
            producer()
                    .send(
                            new ProducerRecord<>(
                                    Topics.withPrefix(name).jobs(), job.id(), job.json()))
                    .get(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("not submitted: " + job.id(), e);
        }
    }

    /** The lines that containers wrote at their beginning. */
    List<String> starts() throws IOException {
        JsonNode volume = engine.api().get("/volumes/" + Job.VOLUME, CALL).json();
        Path file = Path.of(volume.path("Mountpoint").asText(), Job.STARTS);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** The names of containers that a node made and that are left. */
    List<String> containers(String name) throws IOException {
        JsonNode all =
                engine.api()
                        .get(
                                "/containers/json?all=1&filters=%7B%22label%22%3A%5B%22"
                                        + "dev.longshore.node%3D"
                                        + name
                                        + "%22%5D%7D",
                                CALL)
                        .json();
        return StreamSupport.stream(all.spliterator(), false)
                .map(each -> each.path("Names") + " " + each.path("Status").asText())
                .toList();
    }

    /** The names of all volumes but the one of {@link Job}. */
    List<String> otherVolumes() throws IOException {
        JsonNode all = engine.api().get("/volumes", CALL).json().path("Volumes");
        return StreamSupport.stream(all.spliterator(), false)
                .map(each -> each.path("Name").asText())
                .filter(each -> !each.equals(Job.VOLUME))
                .toList();
    }

    @Override
    public void close() throws IOException {
        if (producer != null) {
            producer.close(Duration.ofMillis(100));
        }
        broker.close();
        engine.close();
        TestBroker.delete(directory);
    }
}
