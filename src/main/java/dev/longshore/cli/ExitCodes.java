package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** What the exit codes mean; the same as of {@code docker run} where that has one. */
final class ExitCodes {
    /** Done. */
    static final int DONE = 0;

    /** Failed. */
    static final int FAILED = 1;

    /** The command line was wrong. */
    static final int USAGE = 2;

    /** No node answers. */
    static final int CANNOT_REACH = 3;

    /** The job was refused, or its container could not be made. */
    static final int REFUSED = 125;

    /** Ended by Ctrl-C. */
    static final int INTERRUPTED = 130;

    /** Nobody reads what is printed any more. */
    static final int OUTPUT_CLOSED = 141;

    private ExitCodes() {}

    /**
     * The exit code for a result, or for an {@code end} record of a log where there is no result to
     * be had.
     */
    static int of(JsonNode end) {
        String state = end.path("state").asText();
        int exitCode = end.path("exitCode").asInt(-1);
        return switch (state) {
            case "succeeded" -> DONE;
            case "rejected" -> REFUSED;
            case "cancelled" -> exitCode > 0 ? exitCode : INTERRUPTED;
            default ->
                    exitCode > 0 && exitCode <= 255
                            ? exitCode
                            : withoutCode(end.path("reason").asText());
        };
    }

    private static int withoutCode(String reason) {
        return switch (reason) {
            case "image_not_found",
                    "image_pull_failed",
                    "image_pull_denied",
                    "timed_out_pull",
                    "timed_out_queue",
                    "timed_out_total",
                    "create_failed",
                    "start_failed",
                    "invalid",
                    "not_permitted",
                    "insufficient_resources" ->
                    REFUSED;
            default -> FAILED;
        };
    }
}
