package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.Locale;

/** {@code wait}: waits for an execution. */
@Command(
        name = "wait",
        description =
                "Wait for the end of an execution and exit with its exit code, or for a state.",
        footer = {
            "",
            "With --for: 0 when it is in that state, 1 when it is over without.",
            "",
            "Examples:",
            "  longshore wait thumbnails-0007",
            "  longshore wait --for running --timeout 1m thumbnails-0007"
        })
final class WaitCommand extends ClientCommand {
    private static final Duration TURN = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(15);

    @Option(
            names = "--for",
            paramLabel = "STATE",
            description = "Which state, such as running or paused. Default: the end, whichever.")
    private @Nullable String state;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long at most, such as 30s or 5m. Default: without end.")
    private @Nullable String timeout;

    @Parameters(paramLabel = "ID", description = "The execution's id.")
    private String id = "";

    WaitCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        String wanted = state == null ? null : state.toLowerCase(Locale.ROOT);
        JsonNode reached = await(wanted == null ? "succeeded" : wanted);
        String now = reached.path("state").asText();
        JsonNode result = reached.path("result");
        if (json()) {
            terminal().print(ApiClient.line(reached));
        } else {
            terminal().print(result.isObject() ? Endings.line(id, result) : id + " " + now);
        }
        if (wanted != null) {
            return now.equals(wanted) ? ExitCodes.DONE : ExitCodes.FAILED;
        }
        return ExitCodes.of(result.isObject() ? result : reached);
    }

    /** The execution once it is in the state or over: the node answers then, or after a turn. */
    private JsonNode await(String wanted) {
        ApiClient api = api();
        Duration limit = timeout == null ? null : Times.lengthOf(timeout, "--timeout");
        long began = System.nanoTime();
        while (true) {
            Duration turn = TURN;
            if (limit != null) {
                Duration left = limit.minusNanos(System.nanoTime() - began);
                turn = left.compareTo(TURN) < 0 ? left : TURN;
            }
            String path =
                    execution(id)
                            + "?await="
                            + ApiClient.encoded(wanted)
                            + "&wait="
                            + Math.max(0, turn.toMillis())
                            + "ms";
            JsonNode there = api.getWhenThere(path, turn.plus(GRACE));
            if (there != null) {
                return there;
            }
            if (limit != null && System.nanoTime() - began >= limit.toNanos()) {
                throw new CliFailure(
                        ExitCodes.FAILED, id + " did not come so far within " + timeout);
            }
        }
    }
}
