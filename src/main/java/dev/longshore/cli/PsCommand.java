package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code ps}: the executions that the nodes know. */
@Command(
        name = "ps",
        description = "List executions, newest first: those that live, or all.",
        footer = {
            "",
            "Examples:",
            "  longshore ps",
            "  longshore ps --all --job thumbnails",
            "  longshore ps --watch",
            "  longshore cancel $(longshore ps -q --state running)"
        })
final class PsCommand extends ClientCommand {
    private static final int PAGE = 500;

    @Option(
            names = {"-a", "--all"},
            description = "Those that have ended as well.")
    private boolean all;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only those in this state, such as running or failed.")
    private @Nullable String state;

    @Option(names = "--job", paramLabel = "JOB", description = "Only those of this job.")
    private @Nullable String job;

    @Option(names = "--node", paramLabel = "NODE", description = "Only those of this node.")
    private @Nullable String node;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "At most so many. Default: 100.")
    private int limit = 100;

    @Option(
            names = {"-w", "--watch"},
            description =
                    "Go on until Ctrl-C: a terminal shows the table as it is now, anything else"
                            + " gets a line for each change.")
    private boolean watch;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only the ids.")
    private boolean quiet;

    PsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1) {
            throw new CliFailure(ExitCodes.USAGE, "--limit must be at least 1");
        }
        if (watch && quiet) {
            throw new CliFailure(ExitCodes.USAGE, "--watch and --quiet do not go together");
        }
        ApiClient api = api();
        if (watch) {
            return new PsWatch(terminal(), json()).follow(() -> read(api));
        }
        List<ExecutionRow> rows = read(api);
        if (json()) {
            rows.forEach(row -> terminal().print(ApiClient.line(row.json())));
        } else if (quiet) {
            rows.forEach(row -> terminal().print(row.id()));
        } else {
            ExecutionRow.table(rows, terminal().colours()).forEach(terminal()::print);
        }
        return ExitCodes.DONE;
    }

    private List<ExecutionRow> read(ApiClient api) {
        List<ExecutionRow> rows = new ArrayList<>();
        String cursor = null;
        do {
            JsonNode page = api.get(path(cursor));
            for (JsonNode json : page.path("executions")) {
                ExecutionRow row = new ExecutionRow(json);
                boolean wanted = all || state != null || !ExecutionRow.isFinal(row.state());
                if (wanted && rows.size() < limit) {
                    rows.add(row);
                }
            }
            cursor = page.path("nextCursor").asText(null);
        } while (cursor != null && rows.size() < limit);
        return rows;
    }

    private String path(@Nullable String cursor) {
        StringBuilder path = new StringBuilder("executions?limit=" + PAGE);
        add(path, "state", state == null ? null : state.toLowerCase(Locale.ROOT));
        add(path, "jobId", job);
        add(path, "nodeId", node);
        add(path, "cursor", cursor);
        return path.toString();
    }

    private static void add(StringBuilder path, String name, @Nullable String value) {
        if (value != null) {
            path.append('&').append(name).append('=').append(ApiClient.encoded(value));
        }
    }
}
