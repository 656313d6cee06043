package dev.longshore.app.dev;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * One Kafka broker, with its own KRaft controller, in this process and on the loopback address
 * only: for {@code dev}, {@code demo} and the tests. What it holds stays in its directory, so that
 * the next run goes on with it.
 *
 * <p>{@link #open} and {@link #close} block, for a second or two: call them from a thread that may.
 * Should Kafka lose its directory while it runs, it halts the process.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String CONTROLLER = "CONTROLLER";
    private static final int ATTEMPTS_AT_A_FREE_PORT = 3;

    private static final byte[] RUNNING = "running".getBytes(StandardCharsets.US_ASCII);

    /**
     * A lock that tells a second process whose directory it is before Kafka half starts; empty
     * after an orderly end.
     */
    private static final String LOCK_FILE = "embedded-broker.lock";

    /**
     * What a start after a kill waits for: the controller keeps the dead broker's registration
     * until its session expires. After an orderly end there is none to wait for, so that only then
     * the timeout is short: a busy machine may well delay heartbeats for a second.
     */
    private static final Map<String, String> AFTER_A_KILL =
            Map.of("broker.session.timeout.ms", "2000", "broker.heartbeat.interval.ms", "250");

    /** One of everything, small buffers, short waits. */
    private static final Map<String, String> SMALL_AND_QUICK =
            Map.ofEntries(
                    Map.entry("offsets.topic.replication.factor", "1"),
                    Map.entry("offsets.topic.num.partitions", "1"),
                    Map.entry("transaction.state.log.replication.factor", "1"),
                    Map.entry("transaction.state.log.min.isr", "1"),
                    Map.entry("transaction.state.log.num.partitions", "1"),
                    Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                    Map.entry("share.coordinator.state.topic.min.isr", "1"),
                    Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                    Map.entry("group.initial.rebalance.delay.ms", "0"),
                    Map.entry("auto.create.topics.enable", "false"),
                    Map.entry("metric.reporters", ""),
                    Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20)),
                    Map.entry("log.cleaner.io.buffer.size", String.valueOf(256 << 10)),
                    Map.entry("offsets.load.buffer.size", String.valueOf(1 << 20)),
                    Map.entry("num.io.threads", "2"),
                    Map.entry("num.network.threads", "1"),
                    Map.entry("num.replica.fetchers", "1"),
                    Map.entry("background.threads", "2"),
                    Map.entry("num.recovery.threads.per.data.dir", "1"));

    private final KafkaRaftServer server;
    private final FileChannel lockFile;
    private final int port;
    private boolean closed;

    private EmbeddedBroker(KafkaRaftServer server, FileChannel lockFile, int port) {
        this.server = server;
        this.lockFile = lockFile;
        this.port = port;
    }

    /**
     * Starts a broker and returns once it serves.
     *
     * @param directory where its data is and stays; made if missing
     * @param port the port on 127.0.0.1, or 0 for a free one
     * @throws IOException with a message for people: the port is in use, the directory is held by
     *     another process or cannot be written, or the data in it does not start
     */
    public static EmbeddedBroker open(Path directory, int port) throws IOException {
        return open(directory, port, Map.of());
    }

    /** As {@link #open(Path, int)}, with broker properties that win over the ones chosen here. */
    public static EmbeddedBroker open(Path directory, int port, Map<String, String> overrides)
            throws IOException {
        Path home = directory.toAbsolutePath().normalize();
        Files.createDirectories(home);
        FileChannel lockFile = lock(home);
        try {
            Map<String, String> chosen = new HashMap<>(SMALL_AND_QUICK);
            if (lockFile.size() > 0) {
                chosen.putAll(AFTER_A_KILL);
            }
            chosen.putAll(overrides);
            // Stays there if this process is killed from now on.
            lockFile.write(ByteBuffer.wrap(RUNNING), 0);
            return start(home, port, chosen, lockFile);
        } catch (IOException | RuntimeException | Error failure) {
            lockFile.close();
            throw failure;
        }
    }

    /** Where clients find it, as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    /** Its port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /**
     * Stops the broker, ends all its threads and lets go of the directory. Harmless when repeated.
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (lockFile) {
            server.shutdown();
            server.awaitShutdown();
            lockFile.truncate(0);
        }
    }

    private static EmbeddedBroker start(
            Path home, int port, Map<String, String> chosen, FileChannel lockFile)
            throws IOException {
        Path data = home.resolve("data");
        for (int attempt = 1; ; attempt++) {
            int brokerPort = freePort(port);
            Properties properties = properties(data, brokerPort, freePort(0), chosen);
            format(data);
            KafkaRaftServer server = null;
            try {
                server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
                server.startup();
                return new EmbeddedBroker(server, lockFile, brokerPort);
            } catch (Exception failure) {
                release(server, failure);
                // Somebody may have taken a port between our look and Kafka's bind: look again.
                if (attempt == ATTEMPTS_AT_A_FREE_PORT || !causedByBind(failure)) {
                    throw new IOException(
                            "the embedded Kafka broker did not start on "
                                    + HOST
                                    + ":"
                                    + brokerPort
                                    + " with the data in "
                                    + data
                                    + ": "
                                    + failure.getMessage(),
                            failure);
                }
            }
        }
    }

    private static Properties properties(
            Path data, int port, int controllerPort, Map<String, String> chosen) {
        Properties properties = new Properties();
        properties.put("node.id", "1");
        properties.put("process.roles", "broker,controller");
        properties.put(
                "listeners",
                "PLAINTEXT://"
                        + HOST
                        + ":"
                        + port
                        + ","
                        + CONTROLLER
                        + "://"
                        + HOST
                        + ":"
                        + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
        properties.put("controller.listener.names", CONTROLLER);
        // The voters stand in the configuration, not in the metadata log: a reopened directory
        // takes any controller port.
        properties.put("controller.quorum.voters", "1@" + HOST + ":" + controllerPort);
        properties.put("log.dirs", data.toString());
        properties.putAll(chosen);
        return properties;
    }

    private static void format(Path data) throws IOException {
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(data);
        try {
            new Formatter()
                    .setPrintStream(
                            new PrintStream(
                                    OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(CONTROLLER)
                    .setMetadataLogDirectory(data.toString())
                    .addDirectory(data.toString())
                    .setWriteBootstrapSnapshot(true)
                    .setHasDynamicQuorum(false)
                    .setIgnoreFormatted(false)
                    .run();
        } catch (Exception failure) {
            throw new IOException(
                    "cannot make the broker's directory " + data + ": " + failure.getMessage(),
                    failure);
        }
    }

    private static FileChannel lock(Path home) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        home.resolve(LOCK_FILE),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        FileLock held = null;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            throw new IOException(
                    "the broker's directory " + home + " is in use by this process", inThisProcess);
        } finally {
            if (held == null) {
                channel.close();
            }
        }
        if (held == null) {
            throw new IOException(
                    "the broker's directory "
                            + home
                            + " is in use by another process: end it, or name another directory");
        }
        return channel;
    }

    private static int freePort(int wanted) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), wanted));
            return socket.getLocalPort();
        } catch (BindException taken) {
            throw new IOException(
                    "port "
                            + wanted
                            + " on "
                            + HOST
                            + " is in use: end what uses it, or choose another port (0 for a free"
                            + " one)",
                    taken);
        }
    }

    private static boolean causedByBind(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    private static void release(@Nullable KafkaRaftServer server, Exception failure) {
        if (server == null) {
            return;
        }
        try {
            server.shutdown();
            server.awaitShutdown();
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }
}
