package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** {@code exec}: runs a command beside a program. */
@Command(
        name = "exec",
        description = "Run a command in the container of a running execution; exit as it does.",
        footer = {
            "",
            "The node has to allow it. The output is shown at the command's end, the first 1 MiB of"
                    + " each stream.",
            "",
            "Examples:",
            "  longshore exec thumbnails-0007 -- ps",
            "  longshore exec thumbnails-0007 sh -c 'df -h /tmp'"
        })
final class ExecCommand extends ClientCommand {
    private static final Duration LONGEST = Duration.ofHours(1);

    @Parameters(index = "0", paramLabel = "ID", description = "The execution's id.")
    private String id = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "The command and its arguments.")
    private List<String> command = List.of();

    ExecCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        ObjectNode body = ApiClient.JSON.createObjectNode();
        ArrayNode words = body.putArray("command");
        // Where options end at the first word, the dashes that say so are a word themselves.
        boolean dashes = command.getFirst().equals("--") && command.size() > 1;
        command.subList(dashes ? 1 : 0, command.size()).forEach(words::add);
        JsonNode answer =
                api().post(
                                execution(id) + "/exec",
                                ApiClient.line(body).getBytes(StandardCharsets.UTF_8),
                                LONGEST);
        if (json()) {
            terminal().print(ApiClient.line(answer));
        } else {
            show(answer.path("stdout").asText(), terminal().out(), terminal().outIsTerminal());
            show(answer.path("stderr").asText(), terminal().err(), terminal().errIsTerminal());
            terminal().stopIfClosed();
            if (answer.path("truncated").asBoolean()) {
                terminal().say("it printed more than is shown");
            }
        }
        return answer.path("exitCode").asInt(ExitCodes.FAILED);
    }

    private static void show(String text, PrintStream to, boolean isTerminal) {
        if (isTerminal) {
            text.lines().forEach(line -> to.print(TerminalText.safe(line) + "\n"));
        } else {
            to.print(text);
        }
        to.flush();
    }
}
