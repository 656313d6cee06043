package dev.longshore.docker;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What containers have written to disk, from the engine's own account of its disk. Askers at the
 * same time share an answer: the engine refuses a second one while it counts. From any thread.
 */
final class DiskUse {
    private static final String WHAT = "ask what containers have written";

    /** An engine names a volume so that nobody has named. */
    private static final Pattern ANONYMOUS = Pattern.compile("[0-9a-f]{64}");

    private final EngineHttp http;
    private final Duration deadline;
    private @Nullable Future<Map<String, Long>> asked;

    DiskUse(EngineHttp http, Duration deadline) {
        this.http = http;
        this.deadline = deadline;
    }

    /** Completes on any context. */
    synchronized Future<Map<String, Long>> ask() {
        if (asked != null && !asked.isComplete()) {
            return asked;
        }
        // From API 1.42 on the engine counts only what it is asked for; before, all of it.
        Future<Map<String, Long>> answer =
                http.get("/system/df?type=container&type=volume", deadline)
                        .map(DiskUse::byContainer)
                        .recover(e -> Future.failedFuture(DockerFailures.of(WHAT, e)));
        asked = answer;
        return answer;
    }

    /** Bytes by container id, of the engine's answer. */
    static Map<String, Long> byContainer(JsonObject answer) {
        Map<String, Long> volumes = new HashMap<>();
        for (Object item : listOf(answer, "Volumes")) {
            JsonObject volume = (JsonObject) item;
            JsonObject usage = volume.getJsonObject("UsageData");
            if (usage != null) {
                volumes.put(volume.getString("Name"), Math.max(0, usage.getLong("Size", 0L)));
            }
        }
        Map<String, Long> found = new HashMap<>();
        for (Object item : listOf(answer, "Containers")) {
            JsonObject container = (JsonObject) item;
            long bytes = container.getLong("SizeRw", 0L);
            for (Object mounted : listOf(container, "Mounts")) {
                String name = ((JsonObject) mounted).getString("Name", "");
                if (ANONYMOUS.matcher(name).matches()) {
                    bytes += volumes.getOrDefault(name, 0L);
                }
            }
            found.put(container.getString("Id"), bytes);
        }
        return Map.copyOf(found);
    }

    private static JsonArray listOf(JsonObject json, String field) {
        JsonArray list = json.getJsonArray(field);
        return list == null ? new JsonArray() : list;
    }
}
