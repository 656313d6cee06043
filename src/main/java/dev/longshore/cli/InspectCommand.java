package dev.longshore.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;

/** {@code inspect}: everything known of executions, as JSON. */
@Command(
        name = "inspect",
        description = "Show everything known of executions, as JSON.",
        footer = {
            "",
            "Examples:",
            "  longshore inspect thumbnails-0007",
            "  longshore inspect --history thumbnails-0007     # every status event",
            "  longshore inspect -o json thumbnails-0007 | jq .state"
        })
final class InspectCommand extends ClientCommand {
    @Option(names = "--history", description = "Show its status events instead.")
    private boolean history;

    @Parameters(arity = "1..*", paramLabel = "ID", description = "The executions' ids.")
    private List<String> ids = List.of();

    InspectCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws JsonProcessingException {
        ApiClient api = api();
        for (String id : ids) {
            JsonNode found = api.get(execution(id) + (history ? "/history" : ""));
            terminal()
                    .print(
                            json()
                                    ? ApiClient.line(found)
                                    : ApiClient.JSON
                                            .writerWithDefaultPrettyPrinter()
                                            .writeValueAsString(found));
        }
        return ExitCodes.DONE;
    }
}
