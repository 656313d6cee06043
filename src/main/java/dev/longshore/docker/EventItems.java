package dev.longshore.docker;

import dev.longshore.docker.EngineEvent.Action;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** The engine's words about events, as it is asked for them and as it tells them. Pure. */
final class EventItems {
    /** The signals that end programs, by their numbers on Linux. */
    private static final Map<String, String> SIGNALS =
            Map.ofEntries(
                    Map.entry("1", "SIGHUP"),
                    Map.entry("2", "SIGINT"),
                    Map.entry("3", "SIGQUIT"),
                    Map.entry("6", "SIGABRT"),
                    Map.entry("9", "SIGKILL"),
                    Map.entry("10", "SIGUSR1"),
                    Map.entry("11", "SIGSEGV"),
                    Map.entry("12", "SIGUSR2"),
                    Map.entry("15", "SIGTERM"));

    private EventItems() {}

    /** The path for the events of containers with all these labels, without a time. */
    static String path(Map<String, String> labels) {
        JsonArray wanted = new JsonArray();
        labels.forEach((key, value) -> wanted.add(key + "=" + value));
        JsonArray actions = new JsonArray();
        Arrays.stream(Action.values()).map(EventItems::word).forEach(actions::add);
        JsonObject filters =
                new JsonObject()
                        .put("type", new JsonArray().add("container"))
                        .put("event", actions)
                        .put("label", wanted);
        return "/events?filters=" + URLEncoder.encode(filters.encode(), StandardCharsets.UTF_8);
    }

    /** A time as the engine reads it. */
    static String time(Instant time) {
        return String.format(Locale.ROOT, "%d.%09d", time.getEpochSecond(), time.getNano());
    }

    /** When it happened; nothing but an event has one. */
    static @Nullable Instant timeOf(JsonObject item) {
        Long nanos = item.getLong("timeNano");
        if (nanos != null) {
            return Instant.ofEpochSecond(0, nanos);
        }
        Long seconds = item.getLong("time");
        return seconds == null ? null : Instant.ofEpochSecond(seconds);
    }

    /** What tells an event from every other of the same engine. */
    static String key(JsonObject item) {
        JsonObject actor = item.getJsonObject("Actor", new JsonObject());
        return item.getString("Type")
                + ' '
                + actor.getString("ID")
                + ' '
                + item.getString("Action")
                + ' '
                + timeOf(item);
    }

    /** Whether it is of a container with all these labels. */
    static boolean isLabelled(JsonObject item, Map<String, String> labels) {
        JsonObject attributes =
                item.getJsonObject("Actor", new JsonObject())
                        .getJsonObject("Attributes", new JsonObject());
        return labels.entrySet().stream()
                .allMatch(label -> label.getValue().equals(attributes.getString(label.getKey())));
    }

    /** An event of a container, null for whatever else the engine tells. */
    static EngineEvent.@Nullable Container container(JsonObject item) {
        JsonObject actor = item.getJsonObject("Actor", new JsonObject());
        String id = actor.getString("ID");
        Action action = action(item.getString("Action", ""));
        Instant time = timeOf(item);
        if (!"container".equals(item.getString("Type"))
                || id == null
                || action == null
                || time == null) {
            return null;
        }
        JsonObject attributes = actor.getJsonObject("Attributes", new JsonObject());
        return new EngineEvent.Container(
                id,
                action,
                action == Action.DIE ? exitCode(attributes.getString("exitCode")) : null,
                action == Action.KILL ? signal(attributes.getString("signal")) : null,
                time);
    }

    private static @Nullable Integer exitCode(@Nullable String text) {
        return text == null || !text.matches("-?\\d{1,9}") ? null : Integer.valueOf(text);
    }

    private static @Nullable String signal(@Nullable String number) {
        return number == null ? null : SIGNALS.getOrDefault(number, number);
    }

    private static @Nullable Action action(String word) {
        for (Action action : Action.values()) {
            if (word(action).equals(word)) {
                return action;
            }
        }
        return null;
    }

    private static String word(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }
}
