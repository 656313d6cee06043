package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;

/** {@code extend}: gives a program another time. */
@Command(
        name = "extend",
        description = "Give a running program another time, counted from its start.",
        footer = {"", "Examples:", "  longshore extend thumbnails-0007 2h"})
final class ExtendCommand extends ClientCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The execution's id.")
    private String id = "";

    @Parameters(
            index = "1",
            paramLabel = "DURATION",
            description = "How long it may run in all, such as 30m or 2h.")
    private String run = "";

    ExtendCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        ObjectNode body = ApiClient.JSON.createObjectNode();
        body.putObject("timeouts").put("run", run);
        JsonNode answer =
                api().post(
                                execution(id) + "/extend",
                                ApiClient.line(body).getBytes(StandardCharsets.UTF_8));
        terminal().print(json() ? ApiClient.line(answer) : id);
        return ExitCodes.DONE;
    }
}
