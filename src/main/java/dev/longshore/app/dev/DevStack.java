package dev.longshore.app.dev;

import dev.longshore.app.NodeLauncher;
import dev.longshore.app.RunningNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Everything in one process: a Docker engine made to answer, an image, a broker, a node. Starting
 * and closing block the calling thread; {@link #close} may be called from another thread, and
 * again.
 */
public final class DevStack implements AutoCloseable {
    private final EmbeddedBroker broker;
    private final RunningNode node;
    private boolean closed;

    private DevStack(EmbeddedBroker broker, RunningNode node) {
        this.broker = broker;
        this.node = node;
    }

    /**
     * Where it listens and keeps its data.
     *
     * @param httpPort of the node, 0 for a free one
     * @param kafkaPort of the broker, 0 for a free one
     * @param dataDirectory what it holds is there again at the next start
     */
    public record Options(int httpPort, int kafkaPort, Path dataDirectory) {
        /** Refuses what is no port. */
        public Options {
            for (int port : new int[] {httpPort, kafkaPort}) {
                if (port < 0 || port > 65_535) {
                    throw new IllegalArgumentException("not a port: " + port);
                }
            }
        }
    }

    /**
     * Starts everything, and stops what was started where something fails.
     *
     * @param progress is told of each step in a line
     */
    public static DevStack start(Options options, NodeLauncher launcher, Consumer<String> progress)
            throws Exception {
        Machine machine = Machine.here();
        new EngineSetup(machine, progress).ensure();
        new ImageSetup(new EngineApi(machine.engine()), machine, progress).ensure();
        progress.accept("starting the Kafka broker in " + options.dataDirectory());
        EmbeddedBroker broker =
                EmbeddedBroker.open(options.dataDirectory().resolve("kafka"), options.kafkaPort());
        try {
            progress.accept(
                    "Kafka answers at " + broker.bootstrapServers() + "; starting the node");
            Map<String, String> flags = new LinkedHashMap<>();
            flags.put("kafka.bootstrap.servers", broker.bootstrapServers());
            flags.put("http.port", String.valueOf(options.httpPort()));
            flags.put("drain.mode", "stop"); // nobody would look after them
            flags.put("results.directory", options.dataDirectory().resolve("results").toString());
            return new DevStack(broker, launcher.start(null, flags));
        } catch (Exception | Error e) {
            broker.close();
            throw e;
        }
    }

    /** The node. */
    public RunningNode node() {
        return node;
    }

    /** The broker's address. */
    public String kafka() {
        return broker.bootstrapServers();
    }

    /** Stops the node, then the broker it needs until its end. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (broker) {
            node.stop().run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
