package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code drain}: keeps nodes from taking new executions. */
@Command(
        name = "drain",
        description = "Ask nodes to take no new executions; those that are there go on.",
        footer = {
            "",
            "What nodes do not take stays in Kafka, where other nodes can take it.",
            "",
            "Examples:",
            "  longshore drain node-1",
            "  longshore drain --undo node-1"
        })
final class DrainCommand extends ClientCommand {
    @Option(names = "--undo", description = "Take executions again.")
    private boolean undo;

    @Parameters(arity = "1..*", paramLabel = "NODE", description = "The nodes' ids.")
    private List<String> nodes = List.of();

    DrainCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        ApiClient api = api();
        String action = undo ? "undrain" : "drain";
        for (String node : nodes) {
            JsonNode answer =
                    api.post(
                            "nodes/" + ApiClient.encoded(node) + "/" + action,
                            "{}".getBytes(StandardCharsets.UTF_8));
            terminal().print(json() ? ApiClient.line(answer) : node);
        }
        return ExitCodes.DONE;
    }
}
