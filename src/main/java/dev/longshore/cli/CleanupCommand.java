package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code cleanup}: asks nodes to remove what ended executions left. */
@Command(
        name = "cleanup",
        description = "Ask nodes to remove what ended executions left behind.",
        footer = {
            "",
            "Only what carries the node's own label is removed, never anyone else's.",
            "",
            "Examples:",
            "  longshore cleanup             # every node",
            "  longshore cleanup node-1"
        })
final class CleanupCommand extends ClientCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "NODE",
            description = "The nodes' ids. Default: every node that is not stopped.")
    private List<String> nodes = List.of();

    CleanupCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        ApiClient api = api();
        List<String> asked = nodes.isEmpty() ? living(api) : nodes;
        if (asked.isEmpty()) {
            throw new CliFailure(ExitCodes.FAILED, "no node is known at " + api.base());
        }
        for (String node : asked) {
            JsonNode answer =
                    api.post(
                            "nodes/" + ApiClient.encoded(node) + "/cleanup",
                            "{}".getBytes(StandardCharsets.UTF_8));
            terminal().print(json() ? ApiClient.line(answer) : "asked " + node + " to clean up");
        }
        return ExitCodes.DONE;
    }

    private static List<String> living(ApiClient api) {
        List<String> ids = new ArrayList<>();
        for (JsonNode node : NodesCommand.list(api)) {
            if (!node.path("state").asText().equals("stopped")) {
                ids.add(node.path("nodeId").asText());
            }
        }
        return ids;
    }
}
