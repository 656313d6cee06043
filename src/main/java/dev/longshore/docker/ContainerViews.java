package dev.longshore.docker;

import dev.longshore.job.PortBinding;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The engine's answer to inspect as a {@link ContainerView}. Pure. */
final class ContainerViews {
    private ContainerViews() {}

    static ContainerView of(JsonObject answer) {
        JsonObject state = answer.getJsonObject("State");
        JsonObject labels = answer.getJsonObject("Config").getJsonObject("Labels");
        String name = answer.getString("Name");
        String error = state.getString("Error");
        return new ContainerView(
                answer.getString("Id"),
                name.startsWith("/") ? name.substring(1) : name,
                state(state.getString("Status")),
                state.getInteger("ExitCode", 0),
                Boolean.TRUE.equals(state.getBoolean("OOMKilled")),
                time(state.getString("StartedAt")),
                time(state.getString("FinishedAt")),
                error == null ? "" : DockerFailures.line(error),
                answer.getString("Image"),
                labels == null ? Map.of() : texts(labels),
                ports(answer.getJsonObject("NetworkSettings")));
    }

    private static Map<String, String> texts(JsonObject labels) {
        Map<String, String> texts = new HashMap<>();
        labels.forEach(label -> texts.put(label.getKey(), String.valueOf(label.getValue())));
        return texts;
    }

    /** One for each address of the host; a port that is only exposed has none. */
    private static List<PortBinding> ports(@Nullable JsonObject network) {
        JsonObject ports = network == null ? null : network.getJsonObject("Ports");
        if (ports == null) {
            return List.of();
        }
        List<PortBinding> found = new ArrayList<>();
        for (String port : ports.fieldNames()) {
            JsonArray bindings = ports.getJsonArray(port);
            for (int i = 0; bindings != null && i < bindings.size(); i++) {
                found.add(bound(port, bindings.getJsonObject(i)));
            }
        }
        found.sort(
                Comparator.comparingInt(PortBinding::containerPort)
                        .thenComparing(PortBinding::protocol)
                        .thenComparing(PortBinding::hostIp));
        return found;
    }

    /**
     * @param port as in {@code 80/tcp}
     */
    private static PortBinding bound(String port, JsonObject binding) {
        int slash = port.indexOf('/');
        String number = slash < 0 ? port : port.substring(0, slash);
        String protocol = slash < 0 ? "tcp" : port.substring(slash + 1);
        String hostPort = binding.getString("HostPort", "");
        return new PortBinding(
                Integer.parseInt(number),
                hostPort.isEmpty() ? 0 : Integer.parseInt(hostPort),
                PortBinding.Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)),
                binding.getString("HostIp", ""));
    }

    private static ContainerView.State state(@Nullable String word) {
        if (word == null) {
            return ContainerView.State.UNKNOWN;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "created" -> ContainerView.State.CREATED;
            case "running" -> ContainerView.State.RUNNING;
            case "paused" -> ContainerView.State.PAUSED;
            case "restarting" -> ContainerView.State.RESTARTING;
            case "removing" -> ContainerView.State.REMOVING;
            case "exited" -> ContainerView.State.EXITED;
            case "dead" -> ContainerView.State.DEAD;
            default -> ContainerView.State.UNKNOWN;
        };
    }

    /** The engine says year 1 for never. */
    private static @Nullable Instant time(@Nullable String text) {
        return text == null || text.isEmpty() || text.startsWith("0001-")
                ? null
                : OffsetDateTime.parse(text).toInstant();
    }
}
