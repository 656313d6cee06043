package dev.longshore.bench;

import com.fasterxml.jackson.databind.JsonNode;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A producer of start commands and a consumer of results, as another team would have them. Results
 * are dated when they are polled, on a thread of their own. One thread at a time may use it.
 */
final class JobClient implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String prefix;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private final CountDownLatch placed = new CountDownLatch(1);
    private final Thread reader;
    private volatile boolean closed;

    /**
     * Connects; the topics are there already.
     *
     * @param prefix of the topics
     */
    JobClient(String bootstrapServers, String prefix) throws InterruptedException {
        this.prefix = prefix;
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "isolation.level",
                                "read_committed",
                                "enable.auto.commit",
                                false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        this.reader = Thread.ofPlatform().daemon().name("results").start(this::read);
        if (!placed.await(30, TimeUnit.SECONDS)) {
            close();
            throw new BenchFailure("the topic " + prefix + ".results cannot be read");
        }
    }

    /**
     * A result as it came.
     *
     * @param executionId whose
     * @param body the event's JSON
     * @param atNanos when it was polled, by {@link System#nanoTime()}
     */
    record Ended(String executionId, byte[] body, long atNanos) {
        JsonNode json() {
            return Json.of(body);
        }

        /** This, or a failure where it did not succeed. */
        Ended orFail() {
            JsonNode json = json();
            if (!json.path("state").asText().equals("succeeded")) {
                throw new BenchFailure("a job did not succeed: " + json);
            }
            return this;
        }
    }

    /** Writes a start command; does not wait. */
    void submit(String executionId, byte[] start) {
        producer.send(
                new ProducerRecord<>(
                        prefix + ".jobs", executionId.getBytes(StandardCharsets.UTF_8), start),
                (written, failure) -> {
                    if (failure != null) {
                        ended.add(new Ended(executionId, "{}".getBytes(StandardCharsets.UTF_8), 0));
                    }
                });
    }

    /** The next result, whosesoever it is. */
    Ended next() throws InterruptedException {
        Ended result = ended.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (result == null) {
            throw new BenchFailure("no result within " + PATIENCE);
        }
        return result;
    }

    /** One job from its command to its result. */
    Ended run(String executionId, byte[] start) throws InterruptedException {
        submit(executionId, start);
        Ended result = next();
        while (!result.executionId().equals(executionId)) {
            result = next();
        }
        return result.orFail();
    }

    private void read() {
        try (consumer) {
            List<TopicPartition> all =
                    consumer.partitionsFor(prefix + ".results").stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(all);
            consumer.seekToEnd(all);
            all.forEach(consumer::position);
            placed.countDown();
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.key() != null && record.value() != null) {
                        ended.add(
                                new Ended(
                                        new String(record.key(), StandardCharsets.UTF_8),
                                        record.value(),
                                        System.nanoTime()));
                    }
                }
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        reader.join(Duration.ofSeconds(5));
        producer.close(Duration.ofSeconds(1));
    }
}
