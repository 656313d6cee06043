package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** How an execution ended, in words. */
final class Endings {
    private Endings() {}

    /**
     * One line, such as {@code job-1 failed: oom_killed, exit code 137: the memory limit of 64 MiB
     * was reached}.
     */
    static String line(String id, JsonNode end) {
        StringBuilder line = new StringBuilder(id + " " + end.path("state").asText("ended"));
        String reason = end.path("reason").asText("");
        if (!reason.isEmpty() && !reason.equals(end.path("state").asText())) {
            line.append(": ").append(reason);
        }
        int exitCode = end.path("exitCode").asInt(-1);
        if (exitCode >= 0) {
            line.append(", exit code ").append(exitCode);
        }
        String message = end.path("message").asText("");
        return message.isEmpty() ? line.toString() : line + ": " + message;
    }
}
