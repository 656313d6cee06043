package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows the log of one execution over a websocket until its {@code end}. A connection that breaks
 * is made again behind the last line read, so nothing is read twice and nothing is missed. One use,
 * one thread.
 */
final class LogFeed {
    /**
     * The node pings every 25 seconds: two of them missed and the connection is dead, whatever TCP
     * thinks.
     */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private static final Duration GIVE_UP = Duration.ofSeconds(60);
    private static final long LONGEST_PAUSE_MILLIS = 3_000;

    private final ApiClient api;
    private final String executionId;
    private final boolean waitUntilKnown;
    private LogQuery query;
    private int attempt;
    private long lastSuccess = System.nanoTime();
    private boolean connectedOnce;

    /**
     * Makes one.
     *
     * @param waitUntilKnown whether an execution that the node does not know yet is waited for, as
     *     one just submitted
     */
    LogFeed(ApiClient api, String executionId, LogQuery query, boolean waitUntilKnown) {
        this.api = api;
        this.executionId = executionId;
        this.query = query;
        this.waitUntilKnown = waitUntilKnown;
    }

    /**
     * Reads to the end.
     *
     * @param records is given each record as it comes, on the calling thread
     * @return the {@code end} record
     */
    JsonNode follow(Consumer<JsonNode> records) throws InterruptedException {
        long pause = 100;
        while (true) {
            WebSocketLines lines = connect();
            if (lines != null) {
                pause = 100;
                JsonNode end = read(lines, records);
                if (end != null) {
                    return end;
                }
            }
            if (System.nanoTime() - lastSuccess > GIVE_UP.toNanos()) {
                throw new CliFailure(
                        ExitCodes.CANNOT_REACH,
                        "lost "
                                + api.base()
                                + " for a minute; the job goes on. Read on with: ./longshore logs"
                                + " -f "
                                + executionId);
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    /** A connection, or null where it is worth another try. */
    private @Nullable WebSocketLines connect() throws InterruptedException {
        String path =
                "/api/v1/executions/"
                        + ApiClient.encoded(executionId)
                        + "/logs?"
                        + query.query(true);
        URI uri = URI.create(api.base().toString().replaceFirst("^http", "ws") + path);
        WebSocketLines lines = new WebSocketLines();
        try {
            WebSocket.Builder builder =
                    api.http().newWebSocketBuilder().connectTimeout(Duration.ofSeconds(10));
            if (api.token() != null) {
                builder.header("Authorization", "Bearer " + api.token());
            }
            WebSocket socket = builder.buildAsync(uri, lines).join();
            lines.opened(socket);
            lastSuccess = System.nanoTime();
            connectedOnce = true;
            return lines;
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof WebSocketHandshakeException refused) {
                return refused(refused.getResponse());
            }
            if (cause instanceof IOException broken && !connectedOnce) {
                throw api.cannotReach(broken);
            }
            if (cause instanceof IOException) {
                return null;
            }
            throw e;
        }
    }

    private @Nullable WebSocketLines refused(@Nullable HttpResponse<?> response) {
        int status = response == null ? 502 : response.statusCode();
        if (status == 404 && waitUntilKnown) {
            // The command is in the topic; a node that is busy or away takes it later.
            lastSuccess = System.nanoTime();
            return null;
        }
        if (status == 429 || status >= 500 && connectedOnce) {
            return null;
        }
        // The reason is in a body that a handshake does not show: ask the same by HTTP.
        api.get("executions/" + ApiClient.encoded(executionId));
        throw new CliFailure(
                status == 503 ? ExitCodes.CANNOT_REACH : ExitCodes.FAILED,
                status == 410
                        ? "the log of " + executionId + " is not kept any more"
                        : "the log of " + executionId + " was refused: HTTP status " + status);
    }

    /** The {@code end} record, or null where the connection broke before it. */
    private @Nullable JsonNode read(WebSocketLines lines, Consumer<JsonNode> records)
            throws InterruptedException {
        try {
            while (true) {
                WebSocketLines.Event event = lines.next(SILENCE);
                switch (event) {
                    case WebSocketLines.Text text -> {
                        lastSuccess = System.nanoTime();
                        JsonNode end = handle(text.text(), records);
                        if (end != null) {
                            return end;
                        }
                    }
                    case WebSocketLines.Closed closed -> {
                        refuseFinal(closed);
                        return null;
                    }
                }
            }
        } finally {
            lines.close();
        }
    }

    private @Nullable JsonNode handle(String message, Consumer<JsonNode> records) {
        JsonNode end = null;
        for (String line : message.split("\n", -1)) {
            if (line.isBlank()) {
                continue;
            }
            JsonNode record = parse(line);
            records.accept(record);
            switch (record.path("type").asText()) {
                case "hello" -> attempt = record.path("attempt").asInt();
                case "log" -> query = query.following(attempt, record.path("seq").asLong());
                case "end" -> end = record;
                default -> {
                    // Gaps and states say nothing of the place.
                }
            }
        }
        return end;
    }

    private static void refuseFinal(WebSocketLines.Closed closed) {
        String why = closed.reason().isEmpty() ? "close code " + closed.code() : closed.reason();
        switch (closed.code()) {
            case 4401 -> throw new CliFailure(ExitCodes.FAILED, "the token has expired: " + why);
            case 4404 ->
                    throw new CliFailure(ExitCodes.FAILED, "the execution was removed: " + why);
            case 4410 ->
                    throw new CliFailure(
                            ExitCodes.FAILED, "these lines are not kept any more: " + why);
            case 1003, 1008, 1009 ->
                    throw new CliFailure(ExitCodes.FAILED, "the node ended the log: " + why);
            default -> {
                // A node that stops, overload, a broken line: worth another try.
            }
        }
    }

    static JsonNode parse(String line) {
        try {
            return ApiClient.JSON.readTree(line);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCodes.FAILED,
                    "the node sent something that is not a log record: " + line,
                    e);
        }
    }
}
