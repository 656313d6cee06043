package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.board.Query;
import dev.longshore.board.Watch;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.wire.HttpJson;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One client that watches the list, as Server-Sent Events: {@code execution} for each that matches
 * now, newest first, {@code ready}, then {@code execution} for each change and {@code gone} for
 * each that matches no longer. On the event loop of the connection.
 *
 * <p>What waits for a slow client are ids, each once: it gets every execution as it stands when its
 * turn comes. Where even those are too many it gets {@code reload}, and the current matches anew.
 */
final class ListWatch {
    /** The most executions that wait for one client. */
    static final int MAX_PENDING = 2 * Query.MAX_LIMIT;

    private static final int RETRY_MILLIS = 2_000;
    private static final int WRITE_QUEUE_BYTES = 64 << 10;
    private static final Buffer PING = Buffer.buffer(": ping\n\n");
    private static final Buffer READY = Buffer.buffer("event: ready\ndata: {}\n\n");
    private static final Buffer RELOAD =
            Buffer.buffer("event: reload\ndata: {\"reason\":\"slow-consumer\"}\n\n");

    private final Vertx vertx;
    private final Board board;
    private final Query query;
    private final HttpServerResponse response;
    private final Set<ExecutionId> current = new LinkedHashSet<>();
    private final Set<ExecutionId> changed = new LinkedHashSet<>();
    private boolean ready;
    private boolean reload;
    private boolean over;
    private Watch watch = () -> {};
    private Runnable whenOver = () -> {};
    private long pingTimer = -1;
    private long stallTimer = -1;
    private long stallMillis;

    ListWatch(Vertx vertx, Board board, Query query, HttpServerResponse response) {
        this.vertx = vertx;
        this.board = board;
        this.query = query;
        this.response = response;
    }

    /**
     * Begins.
     *
     * @param then told once, when nothing is left to do
     * @throws dev.longshore.board.TailRefusedException where too many read already
     */
    void open(HttpSettings settings, Runnable then) {
        // Watch first, look then: what changes in between comes twice rather than never.
        watch = board.watchAll(this::changed);
        whenOver = then;
        response.setChunked(true)
                .setWriteQueueMaxSize(WRITE_QUEUE_BYTES)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store, no-transform")
                .putHeader("X-Accel-Buffering", "no")
                .drainHandler(v -> pump())
                .closeHandler(v -> close())
                .exceptionHandler(failure -> close());
        stallMillis = settings.stallTimeout().toMillis();
        pingTimer = vertx.setPeriodic(settings.pingInterval().toMillis(), id -> ping());
        response.write(Buffer.buffer("retry: " + RETRY_MILLIS + "\n\n"));
        look();
        pump();
    }

    /** This node stops; the browser connects again by itself. */
    void goAway() {
        close();
        if (!response.closed() && !response.ended()) {
            response.end();
        }
    }

    private void changed(Execution execution) {
        // One that has changed again since is told by the change that comes next.
        if (over || board.find(execution.executionId()) != execution || !query.matched(execution)) {
            return;
        }
        if (!reload) {
            changed.add(execution.executionId());
            if (current.size() + changed.size() > MAX_PENDING) {
                reload = true;
                current.clear();
                changed.clear();
            }
        }
        pump();
    }

    private void look() {
        ready = false;
        board.list(query).executions().forEach(one -> current.add(one.executionId()));
    }

    private void pump() {
        while (!over) {
            if (response.closed() || response.writeQueueFull()) {
                watchForStall();
                return;
            }
            stopWatching();
            if (!step()) {
                return;
            }
        }
    }

    /** Writes one thing, if there is one. */
    private boolean step() {
        if (reload) {
            reload = false;
            response.write(RELOAD);
            look();
        } else if (!current.isEmpty()) {
            tell(first(current));
        } else if (!ready) {
            ready = true;
            response.write(READY);
        } else if (!changed.isEmpty()) {
            tell(first(changed));
        } else {
            return false;
        }
        return true;
    }

    private void tell(ExecutionId id) {
        Execution now = board.find(id);
        if (now != null && query.matches(now)) {
            response.write(
                    Buffer.buffer("id: " + id + ":" + now.latest().sequence())
                            .appendString("\nevent: execution\ndata: ")
                            .appendBytes(HttpJson.row(now))
                            .appendString("\n\n"));
        } else {
            String data = new JsonObject().put("executionId", id.value()).encode();
            response.write(Buffer.buffer("event: gone\ndata: " + data + "\n\n"));
        }
    }

    private static ExecutionId first(Set<ExecutionId> pending) {
        Iterator<ExecutionId> each = pending.iterator();
        ExecutionId id = each.next();
        each.remove();
        return id;
    }

    private void ping() {
        if (!over && !response.closed() && !response.writeQueueFull()) {
            response.write(PING);
        }
    }

    private void watchForStall() {
        if (stallTimer < 0 && !over) {
            stallTimer =
                    vertx.setTimer(
                            stallMillis,
                            id -> {
                                stallTimer = -1;
                                close();
                                response.reset();
                            });
        }
    }

    private void stopWatching() {
        if (stallTimer >= 0) {
            vertx.cancelTimer(stallTimer);
            stallTimer = -1;
        }
    }

    private void close() {
        if (!over) {
            over = true;
            watch.close();
            vertx.cancelTimer(pingTimer);
            stopWatching();
            List.of(current, changed).forEach(Set::clear);
            whenOver.run();
        }
    }
}
