package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code stats}: what a running program uses. */
@Command(
        name = "stats",
        description = "Show what a running program uses: processor, memory, network, disks.",
        footer = {
            "",
            "Examples:",
            "  longshore stats thumbnails-0007",
            "  longshore stats --watch thumbnails-0007        # until it ends",
            "  longshore stats --output json thumbnails-0007"
        })
final class StatsCommand extends ClientCommand {
    private static final int CONFLICT_ENDS = ExitCodes.REFUSED;
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    @Option(
            names = {"-w", "--watch"},
            description = "Go on, a line each time, until the program ends.")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "Between two looks, which CPU %% is measured over. Default: 1s.")
    private String interval = "1s";

    @Parameters(paramLabel = "ID", description = "The execution's id.")
    private String id = "";

    StatsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        ApiClient api = api();
        Duration pause = Times.lengthOf(interval, "--interval");
        JsonNode before = api.get(execution(id) + "/stats");
        if (json()) {
            terminal().print(ApiClient.line(before));
        }
        boolean first = true;
        while (watch || (first && !json())) {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            JsonNode now;
            try {
                now = api.get(execution(id) + "/stats");
            } catch (CliFailure over) {
                if (over.exitCode() == CONFLICT_ENDS) {
                    return endOf(api, over);
                }
                throw over;
            }
            if (json()) {
                terminal().print(ApiClient.line(now));
            } else {
                List<String> lines = table(before, now).lines();
                lines.subList(first ? 0 : 1, lines.size()).forEach(terminal()::print);
            }
            before = now;
            first = false;
        }
        return ExitCodes.DONE;
    }

    /** A program that ends while it is watched is no failure; one that was refused is. */
    private int endOf(ApiClient api, CliFailure refused) {
        String state = api.get(execution(id)).path("state").asText();
        if (!ExecutionRow.isFinal(state)) {
            throw refused;
        }
        terminal().say(id + " " + state);
        return ExitCodes.DONE;
    }

    private Table table(JsonNode before, JsonNode now) {
        Table table =
                new Table(
                        terminal().colours(),
                        "EXECUTION",
                        "CPU %",
                        "CPU TIME",
                        "MEMORY / LIMIT",
                        "PIDS",
                        "NET IN / OUT",
                        "DISK READ / WRITE");
        table.row(
                id,
                cpu(before, now),
                String.format(Locale.ROOT, "%.1fs", now.path("cpuSeconds").asDouble()),
                two(now, "memoryBytes", "memoryLimitBytes"),
                now.path("pids").asText(),
                two(now, "networkRxBytes", "networkTxBytes"),
                two(now, "blockReadBytes", "blockWriteBytes"));
        return table;
    }

    private static String cpu(JsonNode before, JsonNode now) {
        Instant from = Times.parse(before.path("time").asText());
        Instant to = Times.parse(now.path("time").asText());
        if (from == null || to == null || !to.isAfter(from)) {
            return "-";
        }
        double seconds = now.path("cpuSeconds").asDouble() - before.path("cpuSeconds").asDouble();
        double share = seconds * 1e9 / Duration.between(from, to).toNanos();
        return String.format(Locale.ROOT, "%.1f", Math.max(0, share * 100));
    }

    private static String two(JsonNode stats, String first, String second) {
        return bytes(stats.path(first).asLong()) + " / " + bytes(stats.path(second).asLong());
    }

    /** A number of bytes in its largest unit: {@code 512B}, {@code 1.5MiB}. */
    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + "B" : String.format(Locale.ROOT, "%.1f%s", amount, UNITS[unit]);
    }
}
