package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One execution as {@code ps} shows it, out of what a node lists.
 *
 * @param json the node's own words
 */
record ExecutionRow(JsonNode json) {
    private static final Set<String> FINAL =
            Set.of("succeeded", "failed", "cancelled", "rejected", "lost");

    static boolean isFinal(String state) {
        return FINAL.contains(state);
    }

    String state() {
        return text("state");
    }

    String id() {
        return text("executionId");
    }

    /** The state, with the reason of a bad end. */
    String stateWithReason() {
        String reason = text("reason");
        return reason.isEmpty() || reason.equals(state()) || reason.equals("completed")
                ? state()
                : state() + " (" + reason + ")";
    }

    /** The table of these, as it is now. */
    static List<String> table(List<ExecutionRow> rows, boolean colours) {
        Table table =
                new Table(
                        colours, "EXECUTION", "STATE", "AGE", "DURATION", "EXIT", "IMAGE", "NODE");
        Instant now = Instant.now();
        rows.forEach(row -> table.row(row.cells(now)));
        return table.lines();
    }

    private String[] cells(Instant now) {
        Instant started = time("startedAt");
        Instant finished = time("finishedAt");
        Instant born = time("acceptedAt");
        int exitCode = field("exitCode").asInt(-1);
        String image = field("image").path("reference").asText("");
        return new String[] {
            id(),
            stateWithReason(),
            Times.ago(born == null ? time("time") : born, now),
            started == null
                    ? "-"
                    : Times.length(Duration.between(started, finished == null ? now : finished)),
            exitCode < 0 ? "-" : String.valueOf(exitCode),
            image.isEmpty() ? "-" : image,
            text("nodeId")
        };
    }

    private String text(String field) {
        return field(field).asText("");
    }

    private @Nullable Instant time(String field) {
        return Times.parse(text(field));
    }

    /** Missing and null are the same here: not known. */
    private JsonNode field(String name) {
        JsonNode field = json.path(name);
        return field.isNull() ? MissingNode.getInstance() : field;
    }
}
