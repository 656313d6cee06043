package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** {@code cancel}: asks executions to end. */
@Command(
        name = "cancel",
        description = "Ask executions to end.",
        footer = {
            "",
            "Examples:",
            "  longshore cancel thumbnails-0007",
            "  longshore cancel --wait --reason 'wrong input' thumbnails-0007"
        })
final class CancelCommand extends ClientCommand {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; the result says it.")
    private @Nullable String reason;

    @Option(names = "--wait", description = "Wait until they have ended.")
    private boolean wait;

    @Parameters(arity = "1..*", paramLabel = "ID", description = "The executions' ids.")
    private List<String> ids = List.of();

    CancelCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        ApiClient api = api();
        ObjectNode body = ApiClient.JSON.createObjectNode();
        if (reason != null) {
            body.put("reason", reason);
        }
        for (String id : ids) {
            JsonNode answer =
                    api.post(
                            execution(id) + "/cancel",
                            ApiClient.line(body).getBytes(StandardCharsets.UTF_8));
            if (!wait) {
                terminal().print(json() ? ApiClient.line(answer) : id);
            }
        }
        if (wait) {
            ids.forEach(id -> awaitEnd(api, id));
        }
        return ExitCodes.DONE;
    }

    private void awaitEnd(ApiClient api, String id) {
        JsonNode result = null;
        while (result == null) {
            result = api.getWhenThere(execution(id) + "/result?wait=30s", Duration.ofSeconds(45));
        }
        terminal().print(json() ? ApiClient.line(result) : Endings.line(id, result));
    }
}
