package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.PrintStream;

/**
 * Prints the records of a log as {@code docker logs} would: each line on the stream it was printed
 * on. A pipe gets the text unchanged; a terminal gets what {@link TerminalText} leaves of it.
 */
final class LogPrinter {
    private final Terminal terminal;
    private final boolean json;
    private final boolean timestamps;
    private final boolean progress;

    /** One that prints what was printed. */
    LogPrinter(Terminal terminal, boolean json, boolean timestamps) {
        this(terminal, json, timestamps, false);
    }

    private LogPrinter(Terminal terminal, boolean json, boolean timestamps, boolean progress) {
        this.terminal = terminal;
        this.json = json;
        this.timestamps = timestamps;
        this.progress = progress;
    }

    /** One that also says what goes on before the first line, where a person reads it. */
    static LogPrinter withProgress(Terminal terminal, boolean json) {
        return new LogPrinter(terminal, json, false, terminal.errIsTerminal());
    }

    /** Prints one record; what is not a line is said on standard error. */
    void print(JsonNode log) {
        if (json) {
            terminal.print(ApiClient.line(log));
            return;
        }
        switch (log.path("type").asText()) {
            case "log" -> line(log);
            case "gap" -> terminal.say(gap(log));
            case "state" -> state(log);
            default -> {
                // hello and end are for programs.
            }
        }
    }

    private void state(JsonNode log) {
        String message = log.path("message").asText();
        if (progress && !message.isEmpty()) {
            terminal.say(log.path("state").asText() + ": " + message);
        }
    }

    private void line(JsonNode log) {
        boolean err = log.path("stream").asText().equals("stderr");
        PrintStream to = err ? terminal.err() : terminal.out();
        String text = log.path("text").asText();
        String shown =
                (err ? terminal.errIsTerminal() : terminal.outIsTerminal())
                        ? TerminalText.safe(text)
                        : text;
        String time = timestamps ? log.path("time").asText() + " " : "";
        to.print(time + shown + (log.path("partial").asBoolean() ? "" : "\n"));
        to.flush();
        terminal.stopIfClosed();
    }

    private static String gap(JsonNode gap) {
        String reason = gap.path("reason").asText("unknown");
        return gap.path("from").isNumber() && gap.path("to").isNumber()
                ? "lines "
                        + gap.path("from").asLong()
                        + " to "
                        + gap.path("to").asLong()
                        + " are missing ("
                        + reason
                        + ")"
                : "some lines are missing (" + reason + ")";
    }
}
