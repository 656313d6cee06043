package dev.longshore.docker;

import dev.longshore.docker.EngineEvent.Engine;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.JsonParser;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Listens to an engine's events without a thread, over as many connections as it takes. Runs on one
 * context. Each connection asks who is there before it listens, see {@link EngineMemory}.
 */
final class EventStream implements EventWatch {
    private static final long FIRST_WAIT_MS = 100;
    private static final long MOST_WAIT_MS = 5_000;

    /** More than an engine can tell again. */
    private static final int REMEMBERED = 512;

    /** Events are dated before they are queued: a later one may carry an earlier time. */
    private static final Duration DISORDER = Duration.ofSeconds(1);

    private final EngineHttp http;
    private final Context context;
    private final Map<String, String> labels;
    private final String path;
    private final Duration deadline;
    private final Consumer<EngineEvent> sink;
    private final EngineMemory memory;
    private final LinkedHashSet<String> told = new LinkedHashSet<>();
    private final Promise<Void> end = Promise.promise();
    private @Nullable HttpClientResponse response;
    private @Nullable Instant heardUntil;
    private boolean connected;
    private boolean lost;
    private boolean closed;
    private long connectedNanos;
    private long waitMs = FIRST_WAIT_MS;

    EventStream(
            EngineHttp http,
            Context context,
            Map<String, String> labels,
            Duration deadline,
            Consumer<EngineEvent> sink) {
        this.http = http;
        this.context = context;
        this.labels = Map.copyOf(labels);
        this.path = EventItems.path(labels);
        this.deadline = deadline;
        this.sink = sink;
        this.memory = new EngineMemory(http, deadline);
    }

    @Override
    public void close() {
        context.runOnContext(_ -> closeNow());
    }

    @Override
    public Future<Void> end() {
        return end.future();
    }

    private void closeNow() {
        closed = true;
        if (response != null) {
            response.request().reset();
        }
        end.tryComplete();
    }

    /** On the context. */
    void connect() {
        if (closed || http.isClosed()) {
            closeNow();
            return;
        }
        memory.who()
                .compose(
                        engine ->
                                http.open(HttpMethod.GET, path + since(), Map.of(), deadline)
                                        .onSuccess(opened -> listen(engine, opened)))
                .onFailure(_ -> broke());
    }

    /** At first from where what the engine remembered ends. */
    private String since() {
        Instant from = heardUntil == null ? memory.keptUntil() : heardUntil;
        return "&since=" + EventItems.time(from.minus(DISORDER));
    }

    private void listen(Engine engine, HttpClientResponse opened) {
        if (closed) {
            opened.request().reset();
            return;
        }
        response = opened;
        connected = true;
        lost = false;
        connectedNanos = System.nanoTime();
        Instant now = memory.now();
        if (heardUntil == null) {
            heardUntil = now;
        }
        JsonParser items = JsonParser.newParser(opened).objectValueMode();
        items.exceptionHandler(
                _ -> {
                    opened.request().reset();
                    brokeOff(opened);
                });
        items.endHandler(_ -> brokeOff(opened));
        items.handler(event -> item(event.objectValue()));
        List<JsonObject> before = engine == Engine.FIRST ? memory.kept() : List.of();
        memory.told();
        sink.accept(new EngineEvent.Connected(now, engine, memory.recall()));
        before.stream().filter(item -> EventItems.isLabelled(item, labels)).forEach(this::item);
        opened.resume();
    }

    private void item(JsonObject item) {
        EngineEvent.Container event = EventItems.container(item);
        if (closed || event == null || !told.add(EventItems.key(item))) {
            return;
        }
        if (told.size() > REMEMBERED) {
            told.removeFirst();
        }
        memory.saw(item);
        heardUntil = event.time();
        sink.accept(event);
    }

    private void brokeOff(HttpClientResponse which) {
        if (response == which) {
            broke();
        }
    }

    private void broke() {
        response = null;
        if (closed || http.isClosed()) {
            closeNow();
            return;
        }
        boolean lasted =
                connected
                        && System.nanoTime() - connectedNanos
                                > TimeUnit.MILLISECONDS.toNanos(MOST_WAIT_MS);
        waitMs = lasted ? FIRST_WAIT_MS : waitMs;
        connected = false;
        if (!lost) {
            lost = true;
            sink.accept(new EngineEvent.Lost(memory.now()));
        }
        context.owner().setTimer(waitMs, _ -> connect());
        waitMs = Math.min(MOST_WAIT_MS, 2 * waitMs);
    }
}
