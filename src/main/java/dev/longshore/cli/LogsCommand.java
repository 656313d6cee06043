package dev.longshore.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** {@code logs}: an execution's log. */
@Command(
        name = "logs",
        description = "Show the log of an execution, running or finished.",
        footer = {
            "",
            "Examples:",
            "  longshore logs thumbnails-0007",
            "  longshore logs -f --tail 50 thumbnails-0007     # goes on until the execution ends",
            "  longshore logs --since 10m --stream stderr thumbnails-0007"
        })
final class LogsCommand extends ClientCommand {
    @Option(
            names = {"-f", "--follow"},
            description =
                    "Go on with new lines until the execution ends; waits for one that has not"
                            + " started.")
    private boolean follow;

    @Option(
            names = {"-n", "--tail"},
            paramLabel = "N|all",
            description = "Only the last N lines; 0 with -f: only new ones.")
    private @Nullable String tail;

    @Option(
            names = "--after",
            paramLabel = "[ATTEMPT-]SEQ",
            description = "Only lines behind this one; of the newest attempt unless said.")
    private @Nullable String after;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only from then on: RFC 3339, epoch seconds or 10m.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only up to then.")
    private @Nullable String until;

    @Option(names = "--stream", paramLabel = "stdout|stderr", description = "Only this stream.")
    private @Nullable String stream;

    @Option(
            names = "--attempt",
            paramLabel = "N",
            description = "Only this attempt. Default: all, one after the other.")
    private @Nullable Integer attempt;

    @Option(
            names = {"-t", "--timestamps"},
            description = "The time in front of each line.")
    private boolean timestamps;

    @Parameters(paramLabel = "ID", description = "The execution's id.")
    private String id = "";

    LogsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        ApiClient api = api();
        LogPrinter printer = new LogPrinter(terminal(), json(), timestamps);
        LogQuery query = new LogQuery(tail, after, since, until, stream, attempt);
        if (follow) {
            new LogFeed(api, id, query, false).follow(printer::print);
            return ExitCodes.DONE;
        }
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                api.getStream(execution(id) + "/logs?" + query.query(false)).body(),
                                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    printer.print(LogFeed.parse(line));
                }
            }
            return ExitCodes.DONE;
        } catch (IOException e) {
            throw api.cannotReach(e);
        }
    }
}
