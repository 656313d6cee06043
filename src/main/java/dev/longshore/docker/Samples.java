package dev.longshore.docker;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;

/**
 * The engine's answer to stats as a {@link ContainerStats}. Pure. Cgroup v1 and v2 name the same
 * things differently, and either leaves out what its kernel does not count.
 */
final class Samples {
    private Samples() {}

    /**
     * @throws DockerFailure.Refused for the empty sample that the engine has of what does not run
     */
    static ContainerStats of(String what, JsonObject answer) {
        JsonObject memory = part(answer, "memory_stats");
        if (!memory.containsKey("usage")) {
            throw new DockerFailure.Refused(
                    DockerFailures.line(what + ": the container is not running"), 409);
        }
        long used = memory.getLong("usage", 0L);
        JsonObject details = part(memory, "stats");
        long cache = details.getLong("total_inactive_file", details.getLong("inactive_file", 0L));
        long inUse = cache < used ? used - cache : used;
        return new ContainerStats(
                time(answer.getString("read", "")),
                part(part(answer, "cpu_stats"), "cpu_usage").getLong("total_usage", 0L),
                inUse,
                memory.getLong("max_usage", inUse),
                memory.getLong("limit", 0L),
                network(answer, "rx_bytes"),
                network(answer, "tx_bytes"),
                blocks(answer, "read"),
                blocks(answer, "write"),
                part(answer, "pids_stats").getLong("current", 0L));
    }

    private static JsonObject part(JsonObject of, String name) {
        JsonObject part = of.getJsonObject(name);
        return part == null ? new JsonObject() : part;
    }

    private static Instant time(String text) {
        return text.isEmpty() ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
    }

    private static long network(JsonObject answer, String counter) {
        JsonObject networks = part(answer, "networks");
        return networks.fieldNames().stream()
                .mapToLong(name -> networks.getJsonObject(name).getLong(counter, 0L))
                .sum();
    }

    private static long blocks(JsonObject answer, String direction) {
        JsonArray entries = part(answer, "blkio_stats").getJsonArray("io_service_bytes_recursive");
        long bytes = 0;
        for (int i = 0; entries != null && i < entries.size(); i++) {
            JsonObject entry = entries.getJsonObject(i);
            if (entry.getString("op", "").toLowerCase(Locale.ROOT).equals(direction)) {
                bytes += entry.getLong("value", 0L);
            }
        }
        return bytes;
    }
}
