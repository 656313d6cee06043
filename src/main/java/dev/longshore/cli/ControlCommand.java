package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands that ask for one thing to be done to executions. */
abstract class ControlCommand extends ClientCommand {
    @Parameters(arity = "1..*", paramLabel = "ID", description = "The executions' ids.")
    private List<String> ids = List.of();

    private final String action;

    ControlCommand(Terminal terminal, String action) {
        super(terminal);
        this.action = action;
    }

    /** What the command says besides which execution is meant. */
    ObjectNode body() {
        return ApiClient.JSON.createObjectNode();
    }

    @Override
    public Integer call() {
        ApiClient api = api();
        byte[] body = ApiClient.line(body()).getBytes(StandardCharsets.UTF_8);
        for (String id : ids) {
            JsonNode answer = api.post(execution(id) + "/" + action, body);
            terminal().print(json() ? ApiClient.line(answer) : id);
        }
        return ExitCodes.DONE;
    }

    /** {@code pause}: freezes programs. */
    @Command(
            name = "pause",
            description = "Freeze the programs of executions; their time goes on.",
            footer = {"", "Examples:", "  longshore pause thumbnails-0007"})
    static final class Pause extends ControlCommand {
        Pause(Terminal terminal) {
            super(terminal, "pause");
        }
    }

    /** {@code resume}: lets frozen programs go on. */
    @Command(
            name = "resume",
            description = "Let frozen programs go on.",
            footer = {"", "Examples:", "  longshore resume thumbnails-0007"})
    static final class Resume extends ControlCommand {
        Resume(Terminal terminal) {
            super(terminal, "resume");
        }
    }

    /** {@code remove}: removes what ended executions left. */
    @Command(
            name = "remove",
            description =
                    "Remove what executions that have ended left on their nodes: container and"
                            + " files.",
            footer = {"", "Examples:", "  longshore remove thumbnails-0007"})
    static final class Remove extends ControlCommand {
        Remove(Terminal terminal) {
            super(terminal, "remove");
        }
    }

    /** {@code signal}: sends programs a signal. */
    @Command(
            name = "signal",
            description = "Send programs a signal.",
            footer = {"", "Examples:", "  longshore signal --signal SIGHUP thumbnails-0007"})
    static final class Signal extends ControlCommand {
        @Option(
                names = {"-s", "--signal"},
                required = true,
                paramLabel = "NAME",
                description = "Such as SIGHUP or SIGUSR1.")
        private String signal = "";

        Signal(Terminal terminal) {
            super(terminal, "signal");
        }

        @Override
        ObjectNode body() {
            return super.body().put("signal", signal);
        }
    }
}
