package dev.longshore.kafka;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The properties of each Kafka client: our defaults, then the operator's, then what must be ours.
 */
final class ClientProperties {
    /**
     * Blocking client calls give up after this long, so that a close is quick with the broker gone.
     */
    static final int MAX_BLOCK_MILLIS = 1_000;

    /** Tells clients of one role apart, in this process. */
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final String BYTES_OUT = ByteArraySerializer.class.getName();
    private static final String BYTES_IN = ByteArrayDeserializer.class.getName();

    private ClientProperties() {}

    /**
     * A consumer of bytes that sees committed records only and commits by our hand; without a
     * group.
     */
    static Map<String, String> consumer(KafkaSettings settings, String role) {
        Map<String, String> all = common(settings, role);
        all.put("max.poll.records", "500");
        all.put("fetch.max.wait.ms", "250");
        all.put("default.api.timeout.ms", "5000");
        all.put("request.timeout.ms", "5000");
        all.putAll(settings.natives().common());
        all.putAll(settings.natives().consumer());
        all.put("bootstrap.servers", settings.bootstrapServers());
        all.put("key.deserializer", BYTES_IN);
        all.put("value.deserializer", BYTES_IN);
        all.put("enable.auto.commit", "false");
        all.put("isolation.level", "read_committed");
        all.put("auto.offset.reset", "earliest");
        return all;
    }

    /** The group member that takes commands; static, so that a quick restart moves no partition. */
    static Map<String, String> groupConsumer(KafkaSettings settings) {
        Map<String, String> all = consumer(settings, "commands");
        all.put("max.poll.records", "50");
        all.put(
                "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        all.putAll(settings.natives().common());
        all.putAll(settings.natives().consumer());
        if ("consumer".equals(all.get("group.protocol"))) {
            // The newer protocol assigns at the broker and refuses these.
            all.remove("partition.assignment.strategy");
            all.remove("session.timeout.ms");
            all.remove("heartbeat.interval.ms");
        }
        all.put("group.id", settings.group());
        all.put("group.instance.id", settings.nodeId().value());
        return all;
    }

    /** An idempotent producer of bytes that tries for ever and at once. */
    static Map<String, String> lastingProducer(KafkaSettings settings, String role) {
        Map<String, String> all =
                producer(settings, role, Map.of("max.block.ms", String.valueOf(MAX_BLOCK_MILLIS)));
        // Once accepted, a record is tried until it is written: the client keeps the order of each
        // partition meanwhile.
        all.put("delivery.timeout.ms", String.valueOf(Integer.MAX_VALUE));
        return all;
    }

    /**
     * The producer of log lines: as {@link #lastingProducer}, gathering for a few milliseconds,
     * compressed.
     */
    static Map<String, String> lineProducer(KafkaSettings settings) {
        Map<String, String> ours =
                Map.of(
                        "max.block.ms", String.valueOf(MAX_BLOCK_MILLIS),
                        "linger.ms", "5",
                        "compression.type", "lz4",
                        "batch.size", String.valueOf(128 << 10),
                        "buffer.memory", String.valueOf(32 << 20));
        Map<String, String> all = producer(settings, "lines", ours);
        all.put("delivery.timeout.ms", String.valueOf(Integer.MAX_VALUE));
        return all;
    }

    /** The producer of finales; a second process with this node id is fenced off by the broker. */
    static Map<String, String> transactionalProducer(KafkaSettings settings) {
        Map<String, String> ours =
                Map.of(
                        "max.block.ms", String.valueOf(MAX_BLOCK_MILLIS),
                        "transaction.timeout.ms",
                                String.valueOf(FinaleWriter.TRANSACTION_TIMEOUT_MILLIS),
                        // Must not be longer than the transaction may take.
                        "delivery.timeout.ms", "9000",
                        "request.timeout.ms", "5000",
                        "compression.type", "lz4");
        Map<String, String> all = producer(settings, "finales", ours);
        all.put("transactional.id", "longshore-" + settings.nodeId());
        return all;
    }

    /** A producer whose caller waits for the answer and would rather hear no than nothing. */
    static Map<String, String> promptProducer(KafkaSettings settings, String role) {
        return producer(
                settings,
                role,
                Map.of(
                        "max.block.ms",
                        "2000",
                        "delivery.timeout.ms",
                        "10000",
                        "request.timeout.ms",
                        "5000"));
    }

    /** The admin client. */
    static Map<String, Object> admin(KafkaSettings settings, String role) {
        Map<String, String> all = common(settings, role);
        all.put("request.timeout.ms", "5000");
        all.put("default.api.timeout.ms", "10000");
        all.putAll(settings.natives().common());
        all.putAll(settings.natives().admin());
        all.put("bootstrap.servers", settings.bootstrapServers());
        return Map.copyOf(all);
    }

    private static Map<String, String> producer(
            KafkaSettings settings, String role, Map<String, String> ours) {
        Map<String, String> all = common(settings, role);
        all.put("linger.ms", "0");
        all.put("request.timeout.ms", "10000");
        // A result carries two tails of 64 KiB, which JSON may make six times as long.
        all.put("max.request.size", String.valueOf(4 << 20));
        all.putAll(ours);
        all.putAll(settings.natives().common());
        all.putAll(settings.natives().producer());
        all.put("bootstrap.servers", settings.bootstrapServers());
        all.put("key.serializer", BYTES_OUT);
        all.put("value.serializer", BYTES_OUT);
        all.put("acks", "all");
        all.put("enable.idempotence", "true");
        all.put("retries", String.valueOf(Integer.MAX_VALUE));
        // A new partition whose leader is not ready refuses the first batch and may take the
        // second: then the first is
        // out of order for ever. One request at a time cannot be overtaken; batches make up for it.
        all.put("max.in.flight.requests.per.connection", "1");
        return all;
    }

    private static Map<String, String> common(KafkaSettings settings, String role) {
        Map<String, String> all = new HashMap<>();
        all.put(
                "client.id",
                "longshore-" + settings.nodeId() + "-" + role + "-" + NUMBER.incrementAndGet());
        all.put("reconnect.backoff.ms", "100");
        all.put("reconnect.backoff.max.ms", "2000");
        all.put("retry.backoff.ms", "50");
        all.put("retry.backoff.max.ms", "1000");
        // A broker that moved, as one on the loopback address may, is looked up anew.
        all.put("metadata.recovery.strategy", "rebootstrap");
        all.put("enable.metrics.push", "false");
        all.put("metric.reporters", "");
        return all;
    }
}
