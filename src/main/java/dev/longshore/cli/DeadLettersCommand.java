package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

/** {@code dead-letters}: what was refused, and another try for it. */
@Command(
        name = "dead-letters",
        description =
                "List the records that were refused, newest first, or replay some: they are written"
                        + " again to the topic they came from.",
        footer = {
            "",
            "Examples:",
            "  longshore dead-letters list",
            "  longshore dead-letters replay 0-17 0-18"
        })
final class DeadLettersCommand extends ClientCommand {
    private static final int PAGE = 100;

    /** What is wanted. */
    enum What {
        /** To see them. */
        LIST,
        /** To have them tried again. */
        REPLAY
    }

    @Parameters(index = "0", paramLabel = "list|replay", description = "What is wanted.")
    private What what = What.LIST;

    @Parameters(
            index = "1..*",
            paramLabel = "PLACE",
            description = "For replay: where they stand, PARTITION-OFFSET as in the list.")
    private List<String> places = new ArrayList<>();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "List at most so many. Default: 100.")
    private int limit = PAGE;

    DeadLettersCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new CliFailure(ExitCodes.USAGE, "--limit must be at least 1");
        }
        if (what == What.LIST && !places.isEmpty()) {
            throw new CliFailure(ExitCodes.USAGE, "list takes no places; did you mean replay?");
        }
        if (what == What.REPLAY && places.isEmpty()) {
            throw new CliFailure(
                    ExitCodes.USAGE, "name what to replay, as the list does: PARTITION-OFFSET");
        }
        return what == What.LIST ? list(api()) : replay(api());
    }

    private int list(ApiClient api) {
        List<JsonNode> letters = new ArrayList<>();
        String cursor = null;
        do {
            String from = cursor == null ? "" : "&cursor=" + ApiClient.encoded(cursor);
            JsonNode page = api.get("dead-letters?limit=" + Math.min(limit, PAGE) + from);
            page.path("deadLetters").forEach(letters::add);
            cursor = text(page, "nextCursor");
        } while (cursor != null && letters.size() < limit);
        List<JsonNode> shown = letters.subList(0, Math.min(limit, letters.size()));
        if (json()) {
            shown.forEach(letter -> terminal().print(ApiClient.line(letter)));
            return ExitCodes.DONE;
        }
        Table table = new Table(terminal().colours(), "PLACE", "TIME", "FROM", "CODE", "MESSAGE");
        shown.forEach(
                letter ->
                        table.row(
                                letter.path("partition").asText()
                                        + "-"
                                        + letter.path("offset").asText(),
                                letter.path("time").asText("-"),
                                letter.path("origin").path("topic").asText("-"),
                                letter.path("code").asText("-"),
                                letter.path("message").asText("")));
        table.lines().forEach(terminal()::print);
        return ExitCodes.DONE;
    }

    private int replay(ApiClient api) {
        int worst = ExitCodes.DONE;
        for (String place : places) {
            try {
                JsonNode done =
                        api.post(
                                "dead-letters/" + ApiClient.encoded(place) + "/replay",
                                new byte[0]);
                terminal().print(json() ? ApiClient.line(done) : place + " replayed");
            } catch (CliFailure e) {
                if (e.exitCode() == ExitCodes.CANNOT_REACH) {
                    throw e;
                }
                terminal().say(place + ": " + e.getMessage());
                worst = Math.max(worst, e.exitCode());
            }
        }
        return worst;
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.path(field).asText(null);
    }
}
