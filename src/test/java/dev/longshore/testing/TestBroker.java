package dev.longshore.testing;

import dev.longshore.app.dev.EmbeddedBroker;
import dev.longshore.job.NodeId;
import dev.longshore.kafka.KafkaSettings;
import dev.longshore.kafka.Topics;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One real broker for all tests of a JVM, started when the first one asks and gone with the JVM.
 * Tests share it by using names of their own: {@link #settings} gives each caller topics and a
 * group that nobody else has.
 */
public final class TestBroker {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static @Nullable EmbeddedBroker shared;

    private TestBroker() {}

    /** The broker, up and running. */
    public static synchronized EmbeddedBroker shared() {
        EmbeddedBroker broker = shared;
        if (broker == null) {
            try {
                Path directory = Files.createTempDirectory("longshore-test-broker");
                broker = EmbeddedBroker.open(directory, 0);
                shared = broker;
                EmbeddedBroker started = broker;
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(started, directory)));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return broker;
    }

    /**
     * Settings for the shared broker with topics, group and node id that nobody else has; two
     * partitions.
     */
    public static KafkaSettings settings() {
        return settings(shared().bootstrapServers());
    }

    /** The same for another broker. */
    public static KafkaSettings settings(String bootstrapServers) {
        String name = "test" + NAMES.incrementAndGet();
        return KafkaSettings.defaults(bootstrapServers, new NodeId(name + "-node"))
                .withTopics(Topics.withPrefix(name))
                .withGroup(name + "-nodes")
                .withPartitions(2);
    }

    /** Removes a broker's directory. */
    public static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static void end(EmbeddedBroker broker, Path directory) {
        try {
            broker.close();
            delete(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
