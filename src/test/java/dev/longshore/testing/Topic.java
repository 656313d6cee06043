package dev.longshore.testing;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A topic as any reader of committed records sees it, partition by partition in their order. One
 * thread at a time.
 */
public final class Topic implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final String name;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;

    /** Opens it at its beginning. */
    public Topic(String bootstrapServers, String name) {
        this.name = name;
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        this.partitions =
                consumer.partitionsFor(name).stream()
                        .map(each -> new TopicPartition(name, each.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** What came since the last call. */
    public List<ConsumerRecord<byte[], byte[]>> next() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        consumer.poll(POLL).forEach(records::add);
        return records;
    }

    /** All of it up to what its committed end is now. */
    public List<ConsumerRecord<byte[], byte[]>> all() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        each(records::add);
        return records;
    }

    /** The same, one by one: of a million only what is kept of them stays. */
    public void each(Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            next().forEach(reader);
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(name + " was not read to its end in " + LONGEST);
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
