package dev.longshore.docker;

import dev.longshore.docker.EngineEvent.Engine;
import dev.longshore.docker.EngineEvent.Recall;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.JsonParser;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Tells by what an engine remembers whether it is the same process as before: it keeps its last
 * events in memory only, and nothing else that it tells says when it was started. Runs on one
 * context.
 */
final class EngineMemory {
    /** So many events, of all kinds, every engine so far keeps. */
    private static final int MOST_EVENTS = 256;

    private static final Duration SAME_CLOCK = Duration.ofSeconds(2);

    private final EngineHttp http;
    private final Duration deadline;
    private Duration ahead = Duration.ZERO;
    private @Nullable Engine untold;
    private boolean asked;
    private @Nullable String marker;
    private @Nullable Instant markedAt;
    private Recall recall = Recall.PART;
    private List<JsonObject> kept = List.of();
    private Instant keptUntil = Instant.EPOCH;

    EngineMemory(EngineHttp http, Duration deadline) {
        this.http = http;
        this.deadline = deadline;
    }

    /** Now, by the clock that the engine showed last. */
    Instant now() {
        return Instant.now().plus(ahead);
    }

    /** Remembers an event that the engine has told: it will know it again. */
    void saw(JsonObject item) {
        Instant time = EventItems.timeOf(item);
        if (time != null && (markedAt == null || !time.isBefore(markedAt))) {
            markedAt = time;
            marker = EventItems.key(item);
        }
    }

    /** Which engine answers; fails where none does. */
    Future<Engine> who() {
        return http.open(HttpMethod.GET, "/_ping", Map.of(), deadline)
                .compose(
                        pong -> {
                            Instant shown = date(pong.getHeader("Date"));
                            Future<?> rest = pong.body();
                            pong.resume();
                            return rest.map(_ -> shown);
                        })
                .compose(this::remembered)
                .map(this::compare)
                .compose(this::withLiveRestore)
                .timeout(2 * deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Future<List<JsonObject>> remembered(@Nullable Instant shown) {
        Instant here = Instant.now();
        Duration off = shown == null ? Duration.ZERO : Duration.between(here, shown);
        // The engine shows whole seconds: a small difference is none.
        ahead = off.abs().compareTo(SAME_CLOCK) < 0 ? Duration.ZERO : off;
        Instant until = shown == null ? here.minus(SAME_CLOCK) : shown;
        if (markedAt != null && markedAt.isAfter(until)) {
            until = markedAt;
        }
        keptUntil = until;
        // A time that has passed: what is kept, and no waiting.
        return http.open(
                        HttpMethod.GET,
                        "/events?since=0&until=" + EventItems.time(until),
                        Map.of(),
                        deadline)
                .compose(EngineMemory::items);
    }

    private Future<Engine> withLiveRestore(Engine engine) {
        boolean whole = engine == Engine.FIRST && kept.size() < MOST_EVENTS;
        if (engine != Engine.RESTARTED && !whole) {
            recall = Recall.PART;
            return Future.succeededFuture(engine);
        }
        return http.get("/info", deadline)
                .map(
                        info -> {
                            boolean live = info.getBoolean("LiveRestoreEnabled", false);
                            recall = live ? Recall.WHOLE_LIVE : Recall.WHOLE;
                            return live && !whole ? Engine.RESTARTED_LIVE : engine;
                        });
    }

    private static Future<List<JsonObject>> items(HttpClientResponse response) {
        Promise<List<JsonObject>> all = Promise.promise();
        List<JsonObject> items = new ArrayList<>();
        JsonParser parser = JsonParser.newParser(response).objectValueMode();
        parser.exceptionHandler(all::tryFail);
        parser.handler(event -> items.add(event.objectValue()));
        parser.endHandler(_ -> all.tryComplete(items));
        response.resume();
        return all.future();
    }

    private Engine compare(List<JsonObject> items) {
        String known = marker;
        Engine engine;
        if (!asked) {
            engine = Engine.FIRST;
        } else if (known == null) {
            engine = Engine.UNKNOWN;
        } else if (items.stream().map(EventItems::key).anyMatch(known::equals)) {
            engine = Engine.SAME;
        } else {
            engine = items.size() < MOST_EVENTS ? Engine.RESTARTED : Engine.UNKNOWN;
        }
        asked = true;
        kept = items;
        if (engine != Engine.SAME) {
            marker = null;
            markedAt = null;
        }
        items.forEach(this::saw);
        // What was found before and not told, as the connection broke again, still has to be.
        if (untold == null || untold != Engine.FIRST && engine != Engine.SAME) {
            untold = engine;
        }
        return untold;
    }

    /** What {@link #who()} answered was told. */
    void told() {
        untold = null;
        kept = List.of();
    }

    /** How far back the engine that answered last can tell. */
    Recall recall() {
        return recall;
    }

    /** What that engine remembers, of all kinds, up to {@link #keptUntil}; until it was told. */
    List<JsonObject> kept() {
        return kept;
    }

    /** Up to when {@link #kept} tells. */
    Instant keptUntil() {
        return keptUntil;
    }

    private static @Nullable Instant date(@Nullable String header) {
        try {
            return header == null
                    ? null
                    : ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeParseException e) {
            return null; // said by the type: then our own clock has to do
        }
    }
}
