package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;

import java.time.Instant;
import java.util.Locale;

/** {@code nodes}: the nodes and what they have. */
@Command(
        name = "nodes",
        description = "List the nodes: state, engine, what they have and what of it is promised.",
        footer = {"", "Examples:", "  longshore nodes", "  longshore nodes -o json"})
final class NodesCommand extends ClientCommand {
    NodesCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        JsonNode nodes = list(api());
        if (json()) {
            nodes.forEach(node -> terminal().print(ApiClient.line(node)));
            return ExitCodes.DONE;
        }
        Table table =
                new Table(
                        terminal().colours(),
                        "NODE",
                        "STATE",
                        "RUNNING",
                        "WAITING",
                        "CORES",
                        "GIB",
                        "DOCKER",
                        "SEEN",
                        "URL");
        Instant now = Instant.now();
        for (JsonNode node : nodes) {
            table.row(
                    node.path("nodeId").asText(),
                    node.path("state").asText(),
                    running(node),
                    node.path("waiting").asText("-"),
                    cores(node.path("allocated")) + "/" + cores(node.path("capacity")),
                    memory(node.path("allocated")) + "/" + memory(node.path("capacity")),
                    node.path("engine").path("version").asText("-"),
                    Times.ago(Times.parse(node.path("heartbeat").asText("")), now),
                    node.path("url").asText("-"));
        }
        table.lines().forEach(terminal()::print);
        return ExitCodes.DONE;
    }

    private static String running(JsonNode node) {
        String running = node.path("running").asText("-");
        return node.has("maxRunning") ? running + "/" + node.path("maxRunning").asText() : running;
    }

    /** The list of nodes, as the node that is asked knows them. */
    static JsonNode list(ApiClient api) {
        return api.get("nodes").path("nodes");
    }

    private static String cores(JsonNode grant) {
        return String.format(Locale.ROOT, "%.1f", grant.path("cpu").asDouble())
                .replaceFirst("\\.0$", "");
    }

    private static String memory(JsonNode grant) {
        return String.format(Locale.ROOT, "%.1f", grant.path("memory").asDouble() / (1L << 30));
    }
}
