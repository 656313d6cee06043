package dev.longshore.app.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * One job as another team would run it: a start command written to the topic {@code jobs}, and
 * everything said about it read back from the topics {@code status}, {@code logs} and {@code
 * results}. Knows nothing of the node but its contract. Blocks the calling thread.
 */
public final class DemoJob {
    /** A few lines on both streams, within two seconds. */
    public static final List<String> COMMAND =
            List.of(
                    "sh",
                    "-c",
                    "for i in 1 2 3; do echo \"tick $i on $(uname -s)\"; sleep 0.5; done; echo 'a"
                            + " line on stderr' >&2; echo done");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final String prefix;
    private final Listener listener;

    /**
     * Makes one.
     *
     * @param prefix of the topics, {@code longshore} unless set otherwise
     */
    public DemoJob(String bootstrapServers, String prefix, Listener listener) {
        this.bootstrapServers = bootstrapServers;
        this.prefix = prefix;
        this.listener = listener;
    }

    /** Is told what comes back, on the thread that runs the job. */
    public interface Listener {
        /** A status event. */
        void status(JsonNode status);

        /** A line; {@code stream} is stdout or stderr. */
        void line(String stream, String text);
    }

    /**
     * Runs one job to its end.
     *
     * @param within how long to wait for the result
     * @return the result event
     */
    public JsonNode run(String executionId, String image, List<String> command, Duration within)
            throws IOException, InterruptedException {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions =
                    List.of("status", "logs", "results").stream()
                            .flatMap(topic -> consumer.partitionsFor(prefix + "." + topic).stream())
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            submit(executionId, image, command);
            return awaitResult(consumer, executionId, within);
        }
    }

    private void submit(String executionId, String image, List<String> command)
            throws IOException, InterruptedException {
        ObjectNode start = JSON.createObjectNode().put("jobId", "demo").put("image", image);
        command.forEach(start.putArray("command")::add);
        Map<String, Object> properties =
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    prefix + ".jobs",
                                    utf8(executionId),
                                    JSON.writeValueAsBytes(start)))
                    .get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "the command could not be written to Kafka: " + e.getMessage(), e);
        }
    }

    private JsonNode awaitResult(
            KafkaConsumer<byte[], byte[]> consumer, String executionId, Duration within)
            throws IOException {
        long deadline = System.nanoTime() + within.toNanos();
        JsonNode result = null;
        boolean logEnded = false;
        boolean lastStatus = false;
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> seen : consumer.poll(POLL)) {
                if (seen.key() == null
                        || !executionId.equals(new String(seen.key(), StandardCharsets.UTF_8))) {
                    continue;
                }
                switch (seen.topic().substring(prefix.length() + 1)) {
                    case "logs" -> logEnded |= line(seen);
                    case "results" -> result = JSON.readTree(seen.value());
                    default -> {
                        JsonNode status = JSON.readTree(seen.value());
                        listener.status(status);
                        lastStatus |=
                                List.of("succeeded", "failed", "cancelled", "rejected", "lost")
                                        .contains(status.path("state").asText());
                    }
                }
            }
            // The three come in one transaction, yet from partitions of their own, in any order. A
            // job that was
            // rejected has no log that could end.
            if (result != null
                    && lastStatus
                    && (logEnded || result.path("state").asText().equals("rejected"))) {
                return result;
            }
        }
        throw new IOException(
                "no result of " + executionId + " within " + within.toSeconds() + " s");
    }

    /** Whether that was the end of the log. */
    private boolean line(ConsumerRecord<byte[], byte[]> seen) {
        if (seen.headers().lastHeader("end") != null) {
            return true;
        }
        Header stream = seen.headers().lastHeader("stream");
        if (stream != null && seen.value() != null) {
            listener.line(
                    new String(stream.value(), StandardCharsets.UTF_8),
                    new String(seen.value(), StandardCharsets.UTF_8));
        }
        return false;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
