package dev.longshore.http;

import dev.longshore.board.LogTail;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogStream;
import dev.longshore.job.LogStreamRequest;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request for a log asks.
 *
 * @param stream which part of the log
 * @param form how to write it
 * @param timestamps whether lines of text begin with their time
 * @param socket whether it is to be a websocket
 * @param ended whether the client says that it has seen the end
 */
record LogQuery(
        LogStreamRequest stream, LogForm form, boolean timestamps, boolean socket, boolean ended) {
    private static final Set<String> KNOWN =
            Set.of("tail", "follow", "after", "stream", "timestamps", "format");
    private static final Pattern EVENT_ID = Pattern.compile("[0-9]{1,9}-([0-9]{1,18}|end)");

    /** Reads the request; throws the 400 that names what is wrong. */
    static LogQuery of(RoutingContext context) {
        Parameters query = Parameters.of(context, KNOWN);
        HttpServerRequest request = context.request();
        boolean socket = isUpgrade(request);
        LogForm form = form(query, socket, request.getHeader("Accept"));
        boolean follow = query.flag("follow", socket || form == LogForm.EVENTS);
        String lastEvent = form == LogForm.EVENTS ? request.getHeader("Last-Event-ID") : null;
        boolean resumes = lastEvent != null && !lastEvent.isEmpty();
        if (query.has("after") && query.has("tail")) {
            throw Problem.parameter("after", "It contradicts tail: give one of the two.").thrown();
        }
        String seen = resumes ? seen(lastEvent) : "";
        boolean ended = seen.equals("end");
        // A browser that reconnects repeats the query of its first request: the event id is newer.
        long after = !resumes ? query.count("after", -1) : ended ? -1 : Long.parseLong(seen);
        long tail = resumes ? LogStreamRequest.ALL : tail(query);
        ExecutionId id = ExecutionRoutes.id(context);
        LogStreamRequest stream = new LogStreamRequest(id, tail, follow, after, stream(query));
        return new LogQuery(stream, form, query.flag("timestamps", false), socket, ended);
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    }

    private static LogForm form(Parameters query, boolean socket, @Nullable String accept) {
        String wanted = accept == null || socket ? "" : accept.toLowerCase(Locale.ROOT);
        LogForm accepted =
                wanted.contains("text/event-stream")
                        ? LogForm.EVENTS
                        : socket || wanted.contains("application/x-ndjson")
                                ? LogForm.NDJSON
                                : LogForm.TEXT;
        String format = query.text("format");
        if (format == null) {
            return accepted;
        }
        boolean text = format.equals("text");
        if (!text && !format.equals("json")) {
            throw Problem.parameter("format", "It is json or text.").thrown();
        }
        if (text && (accepted == LogForm.EVENTS || wanted.contains("application/x-ndjson"))) {
            throw Problem.parameter("format", "It contradicts the Accept header.").thrown();
        }
        if (accepted == LogForm.EVENTS) {
            return accepted;
        }
        return text ? LogForm.TEXT : LogForm.NDJSON;
    }

    private static String seen(@Nullable String lastEvent) {
        Matcher id = EVENT_ID.matcher(String.valueOf(lastEvent));
        if (!id.matches()) {
            throw Problem.parameter("Last-Event-ID", "It is not an event id that was given here.")
                    .thrown();
        }
        return id.group(1);
    }

    private static long tail(Parameters query) {
        if ("all".equals(query.text("tail"))) {
            return LogStreamRequest.ALL;
        }
        long tail = query.count("tail", LogStreamRequest.ALL);
        if (tail != LogStreamRequest.ALL && tail > LogTail.MAX_LINES) {
            throw Problem.parameter("tail", "It is all, or at most " + LogTail.MAX_LINES + ".")
                    .thrown();
        }
        return tail;
    }

    private static @Nullable LogStream stream(Parameters query) {
        return query.value(
                "stream",
                text ->
                        switch (text) {
                            case "stdout" -> LogStream.STDOUT;
                            case "stderr" -> LogStream.STDERR;
                            default -> throw new IllegalArgumentException(text);
                        },
                "It is stdout or stderr; leave it out for both.");
    }
}
