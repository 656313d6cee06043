package dev.longshore.http;

import dev.longshore.board.LogTail;
import dev.longshore.job.LogStream;
import dev.longshore.job.LogStreamRequest;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;

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
            Set.of(
                    "tail",
                    "follow",
                    "after",
                    "since",
                    "until",
                    "stream",
                    "attempt",
                    "timestamps",
                    "format");
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final long MAX_ATTEMPT = 1_000_000;

    /** Reads the request; throws the 400 that names what is wrong. */
    static LogQuery of(RoutingContext context) {
        Parameters query = Parameters.of(context, KNOWN);
        HttpServerRequest request = context.request();
        boolean socket = isUpgrade(request);
        LogForm form = form(query, socket, request.getHeader("Accept"));
        boolean follow = follow(query, socket || form == LogForm.EVENTS);
        String lastEvent = form == LogForm.EVENTS ? request.getHeader(LAST_EVENT_ID) : null;
        boolean resumes = lastEvent != null && !lastEvent.isEmpty();
        if (query.has("after") && query.has("tail")) {
            throw Problem.parameter("after", "It contradicts tail: give one of the two.").thrown();
        }
        // A browser that reconnects repeats the query of its first request: the event id is newer.
        LogPlace after = resumes ? LogPlace.ofEvent(lastEvent) : LogPlace.of(query.text("after"));
        LogStreamRequest stream =
                new LogStreamRequest(
                        ExecutionRoutes.id(context),
                        resumes ? LogStreamRequest.ALL : tail(query),
                        follow,
                        after.seq(),
                        stream(query),
                        scope(query, after, resumes ? LAST_EVENT_ID : "after"));
        return new LogQuery(stream, form, query.flag("timestamps", false), socket, after.isEnd());
    }

    private static boolean follow(Parameters query, boolean otherwise) {
        boolean bounded = query.has("until");
        boolean follow = query.flag("follow", otherwise && !bounded);
        if (follow && bounded) {
            throw Problem.parameter("until", "It contradicts follow: give one of the two.")
                    .thrown();
        }
        return follow;
    }

    private static LogStreamRequest.Scope scope(
            Parameters query, LogPlace after, String afterName) {
        Instant now = Instant.now();
        Instant since = query.time("since", now);
        Instant until = query.time("until", now);
        if (since != null && until != null && until.isBefore(since)) {
            throw Problem.parameter("until", "It is before since.").thrown();
        }
        long attempt = query.count("attempt", 0);
        if (query.has("attempt") && (attempt < 1 || attempt > MAX_ATTEMPT)) {
            throw Problem.parameter("attempt", "It must be 1 or more.").thrown();
        }
        if (attempt > 0 && after.attempt() > 0 && after.attempt() != attempt) {
            throw Problem.parameter(afterName, "It is of another attempt than the one asked for.")
                    .thrown();
        }
        return new LogStreamRequest.Scope((int) attempt, after.attempt(), since, until);
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
