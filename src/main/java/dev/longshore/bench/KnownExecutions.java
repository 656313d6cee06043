package dev.longshore.bench;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes a cluster that has run many executions, without running them: takes what was said about one
 * and says it again under other ids of the same length. Blocks the calling thread.
 */
final class KnownExecutions {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String bootstrapServers;
    private final String prefix;
    private final String model;
    private final List<ConsumerRecord<byte[], byte[]>> said;

    /**
     * Reads what was said about one execution that has ended.
     *
     * @param model its id
     */
    KnownExecutions(String bootstrapServers, String prefix, String model) {
        this.bootstrapServers = bootstrapServers;
        this.prefix = prefix;
        this.model = model;
        this.said = read();
    }

    /** How many events there are of one execution. */
    int events() {
        return said.size();
    }

    /** Says it of ids numbered from {@code from} on, up to {@code to} exclusive. */
    void add(int from, int to) {
        Map<String, Object> properties =
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "linger.ms",
                        20,
                        "batch.size",
                        256 << 10,
                        "acks",
                        "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = from; i < to; i++) {
                String id = id(i);
                for (ConsumerRecord<byte[], byte[]> each : said) {
                    producer.send(
                            copy(each, id),
                            (written, failure) -> {
                                if (failure != null) {
                                    throw new BenchFailure("not written: " + failure, failure);
                                }
                            });
                }
            }
            producer.flush();
        }
    }

    /** As long as the model's: what is copied keeps its length. */
    private String id(int number) {
        String digits = Integer.toString(number, 36);
        return model.substring(0, model.length() - 8)
                + "k"
                + "0".repeat(7 - digits.length())
                + digits;
    }

    private ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> record, String id) {
        List<Header> headers = new ArrayList<>();
        record.headers()
                .forEach(
                        header ->
                                headers.add(
                                        new RecordHeader(
                                                header.key(), replaced(header.value(), id))));
        return new ProducerRecord<>(
                record.topic(),
                null,
                record.timestamp(),
                replaced(record.key(), id),
                replaced(record.value(), id),
                headers);
    }

    private byte[] replaced(byte[] bytes, String id) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.replace(model, id).getBytes(StandardCharsets.ISO_8859_1);
    }

    private List<ConsumerRecord<byte[], byte[]>> read() {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        Map<String, Object> properties =
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            for (String topic : List.of(prefix + ".status", prefix + ".results")) {
                consumer.partitionsFor(topic)
                        .forEach(info -> all.add(new TopicPartition(topic, info.partition())));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (all.stream()
                            .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))
                    && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                    if (model.equals(new String(each.key(), StandardCharsets.UTF_8))) {
                        found.add(each);
                    }
                }
            }
        }
        return found;
    }
}
