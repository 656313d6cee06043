package dev.longshore.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes JSON trees as UTF-8 and holds the forms of times and numbers that all messages share. Any thread. */
final class Json {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final ObjectWriter WRITER = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build()
            .writer();

    private static final ObjectWriter CANONICAL = WRITER.with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter NANOS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final int CPU_SCALE = 9;

    private Json() {}

    /** An empty object. */
    static ObjectNode object() {
        return NODES.objectNode();
    }

    /** Its bytes, fields in the order they were set. */
    static byte[] bytes(JsonNode node) {
        return bytes(WRITER, node);
    }

    /** Its bytes, fields sorted by name. */
    static byte[] canonical(JsonNode node) {
        return bytes(CANONICAL, node);
    }

    /** RFC 3339, UTC, microseconds. */
    static String micros(Instant time) {
        return MICROS.format(time);
    }

    /** RFC 3339, UTC, nanoseconds. */
    static String nanos(Instant time) {
        return NANOS.format(time);
    }

    /** Billionths of a core as cores. */
    static BigDecimal cores(long cpuNanos) {
        BigDecimal cores = BigDecimal.valueOf(cpuNanos, CPU_SCALE).stripTrailingZeros();
        return cores.scale() < 0 ? cores.setScale(0) : cores;
    }

    private static byte[] bytes(ObjectWriter writer, JsonNode node) {
        try {
            return writer.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("writing a tree to memory", e);
        }
    }
}
