package dev.longshore.cli;

import org.jspecify.annotations.Nullable;

import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * {@code ps --watch}: asks again every second until the process is ended. A node that does not
 * answer for a while is waited for; one that never did is a failure.
 */
final class PsWatch {
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE_AND_DOWN = "\u001b[K\n";
    private static final String REST_OF_SCREEN = "\u001b[J";
    private static final String WHOLE_SCREEN = "\u001b[2J";

    private final Terminal terminal;
    private final boolean json;
    private final Map<String, String> shown = new HashMap<>();
    private boolean begun;

    PsWatch(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    /** Shows what {@code read} gives, over and over; ends only by a failure or an interrupt. */
    int follow(Supplier<List<ExecutionRow>> read) throws InterruptedException {
        while (true) {
            List<ExecutionRow> rows = tryRead(read);
            if (rows != null) {
                show(rows);
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private @Nullable List<ExecutionRow> tryRead(Supplier<List<ExecutionRow>> read) {
        try {
            return read.get();
        } catch (CliFailure e) {
            if (!begun || e.exitCode() != ExitCodes.CANNOT_REACH) {
                throw e;
            }
            terminal.say(e.getMessage() + "; trying again");
            return null;
        }
    }

    /** Shows one reading. */
    void show(List<ExecutionRow> rows) {
        if (terminal.outIsTerminal() && !json) {
            screen(rows);
        } else {
            changes(rows);
        }
        begun = true;
    }

    private void screen(List<ExecutionRow> rows) {
        StringBuilder screen = new StringBuilder(begun ? HOME : WHOLE_SCREEN + HOME);
        screen.append(rows.size())
                .append(rows.size() == 1 ? " execution, " : " executions, ")
                .append(LocalTime.now().truncatedTo(ChronoUnit.SECONDS))
                .append(REST_OF_LINE_AND_DOWN);
        for (String line : ExecutionRow.table(rows, terminal.colours())) {
            screen.append(line).append(REST_OF_LINE_AND_DOWN);
        }
        terminal.out().print(screen.append(REST_OF_SCREEN));
        terminal.out().flush();
        terminal.stopIfClosed();
    }

    /** One line for each execution that is new or stands elsewhere; one that left is told too. */
    private void changes(List<ExecutionRow> rows) {
        Map<String, String> now = new HashMap<>();
        for (ExecutionRow row : rows) {
            String state = row.stateWithReason();
            now.put(row.id(), state);
            if (!state.equals(shown.get(row.id()))) {
                terminal.print(
                        json
                                ? ApiClient.line(row.json())
                                : TerminalText.safe(row.id() + " " + state));
            }
        }
        if (!json) {
            shown.keySet().stream()
                    .filter(id -> !now.containsKey(id))
                    .sorted()
                    .forEach(id -> terminal.print(TerminalText.safe(id) + " gone from the list"));
        }
        shown.clear();
        shown.putAll(now);
    }
}
