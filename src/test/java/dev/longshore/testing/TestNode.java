package dev.longshore.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.longshore.app.Node;
import dev.longshore.app.RunningNode;
import dev.longshore.kafka.KafkaSettings;
import dev.longshore.kafka.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * A whole node on the test broker and the test engine, and the plain clients that its users have.
 * One thread at a time.
 */
public final class TestNode implements AutoCloseable {
    /**
     * Two hundred jobs take a slow engine minutes; nobody waits that long unless something is
     * wrong.
     */
    private static final Duration DEADLINE =
            Duration.parse(System.getProperty("longshore.test.deadline", "PT8M"));

    /** More than a broker takes by default: tests also send what is too large. */
    private static final int MOST_REQUEST_BYTES = 16 << 20;

    private static final Duration POLL = Duration.ofMillis(100);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String prefix;
    private final String nodeId;
    private final Topics topics;
    private final String bootstrap;
    private final Path results;
    private boolean closed;
    private final RunningNode node;
    private final KafkaProducer<byte[], byte[]> producer;
    private final HttpClient http = HttpClient.newHttpClient();

    /** Starts a node with these settings beside its own topics, group and ports. */
    public TestNode(Map<String, String> settings) {
        KafkaSettings own = TestBroker.settings();
        this.bootstrap = own.bootstrapServers();
        Map<String, String> flags = new HashMap<>();
        flags.put("kafka.bootstrap.servers", bootstrap);
        flags.put(
                "topics.prefix",
                own.topics().jobs().substring(0, own.topics().jobs().indexOf('.')));
        flags.put("topics.partitions", "3");
        flags.put("group", own.group());
        flags.put("node.id", own.nodeId().value());
        flags.put("http.port", "0");
        flags.put("docker.host", TestEngine.host());
        flags.put("jobs.stop-grace", "1s");
        flags.put("drain.mode", "stop");
        this.results = temporary();
        flags.put("results.directory", results.toString());
        flags.putAll(settings);
        this.prefix = flags.getOrDefault("topics.prefix", "");
        this.nodeId = flags.getOrDefault("node.id", "");
        this.topics = Topics.withPrefix(prefix);
        try {
            this.node = Node.launch(null, flags);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Map<String, Object> properties =
                Map.of("bootstrap.servers", bootstrap, "max.request.size", MOST_REQUEST_BYTES);
        this.producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Where its HTTP side answers. */
    public String url() {
        return node.httpUrl();
    }

    /** What the names of its topics begin with. */
    public String prefix() {
        return prefix;
    }

    /** Its id. */
    public String nodeId() {
        return nodeId;
    }

    /** The names of its topics. */
    public Topics topics() {
        return topics;
    }

    /** Writes a record as any producer would; null for no key or no value. */
    @SuppressWarnings("FutureReturnValueIgnored") // what is not written is missed where it is read
    public void produce(String topic, @Nullable String key, @Nullable String value) {
        producer.send(new ProducerRecord<>(topic, bytes(key), bytes(value)));
    }

    /** Writes a record as it is; the future tells where it came to stand. */
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return producer.send(record);
    }

    /** Where it keeps results, unless the settings name another place; gone with it. */
    public Path results() {
        return results;
    }

    /** Where its broker listens. */
    public String bootstrapServers() {
        return bootstrap;
    }

    /** Writes a start command. */
    public void submit(String executionId, String json) {
        produce(topics.jobs(), executionId, json);
    }

    /** The result of an execution, waited for. */
    public JsonNode result(String executionId) {
        return json(
                read(topics.results(), records -> hasKey(records, executionId)).stream()
                        .filter(each -> executionId.equals(text(each.key())))
                        .findFirst()
                        .orElseThrow());
    }

    /** Every status of one execution, after its result. */
    public List<JsonNode> statuses(String executionId) {
        result(executionId);
        return read(topics.status(), records -> isFinal(records, executionId)).stream()
                .filter(each -> executionId.equals(text(each.key())))
                .map(TestNode::json)
                .toList();
    }

    /** Reads a topic from its beginning, committed records only, until there is enough. */
    public List<ConsumerRecord<byte[], byte[]>> read(
            String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        if (!enough.test(records)) {
            readEach(
                    topic,
                    next -> {
                        records.add(next);
                        return enough.test(records);
                    });
        }
        return records;
    }

    /**
     * Reads a topic from its beginning, committed records only, and keeps none of them, until one
     * is the last that is wanted.
     */
    public void readEach(String topic, Predicate<ConsumerRecord<byte[], byte[]>> isLast) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all =
                    consumer.partitionsFor(topic).stream()
                            .map(each -> new TopicPartition(topic, each.partition()))
                            .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            long seen = 0;
            while (true) {
                for (ConsumerRecord<byte[], byte[]> next : consumer.poll(POLL)) {
                    seen++;
                    if (isLast.test(next)) {
                        return;
                    }
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError(
                            "not enough in " + topic + " after " + DEADLINE + ": " + seen);
                }
            }
        }
    }

    /** A request to its HTTP side; the path begins with a slash. */
    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(url() + path)).build());
    }

    /** A POST of JSON to its HTTP side. */
    public HttpResponse<String> post(String path, String body) {
        return send(
                HttpRequest.newBuilder(URI.create(url() + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        producer.close(Duration.ofSeconds(1));
        node.stop().run();
        http.close();
        try {
            TestBroker.delete(results);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value of a record as JSON. */
    public static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
        try {
            return JSON.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value of the last header of that name, or null. */
    public static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : text(header.value());
    }

    /** Bytes as text, null as empty. */
    public static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("longshore-test-results");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasKey(List<ConsumerRecord<byte[], byte[]>> records, String key) {
        return records.stream().anyMatch(each -> key.equals(text(each.key())));
    }

    private static boolean isFinal(List<ConsumerRecord<byte[], byte[]>> records, String key) {
        List<String> ends = List.of("succeeded", "failed", "cancelled", "rejected", "lost");
        return records.stream()
                .filter(each -> key.equals(text(each.key())))
                .anyMatch(each -> ends.contains(json(each).path("state").asText()));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
