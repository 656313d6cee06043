package dev.longshore.board;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One partition in memory. Used on one context; history is given a record a turn, so that live ones get between. */
final class ScriptedFeed implements LogFeed {
    final List<LogRecord> topic = new ArrayList<>();
    final Map<Object, Handler<Placed>> live = new LinkedHashMap<>();
    int readings;
    int openReadings;
    long firstOffset;
    @Nullable RuntimeException failure;
    /** Called before each record of history. */
    Runnable beforeHistory = () -> {};

    private final Context context;

    ScriptedFeed(Context context) {
        this.context = context;
    }

    /** As a node writes: into the topic, and to whoever listens. */
    void write(LogRecord record) {
        long offset = topic.size();
        topic.add(record);
        List.copyOf(live.values()).forEach(each -> each.handle(new Placed(offset, record)));
    }

    @Override
    public Future<Long> endOffset(LogPosition position) {
        Promise<Long> promise = Promise.promise();
        context.runOnContext(v -> promise.complete((long) topic.size()));
        return promise.future();
    }

    @Override
    public Reading history(Span span, Handler<Placed> each) {
        readings++;
        openReadings++;
        ScriptedReading reading = new ScriptedReading(span, each);
        context.runOnContext(v -> reading.step());
        return reading;
    }

    @Override
    public Watch live(ExecutionId id, LogPosition position, Handler<Placed> each) {
        Object key = new Object();
        live.put(key, placed -> {
            if (placed.record().executionId().equals(id)) {
                each.handle(placed);
            }
        });
        return () -> live.remove(key);
    }

    private final class ScriptedReading implements Reading {
        private final Promise<Void> done = Promise.promise();
        private final Span span;
        private final Handler<Placed> each;
        private long next;
        private boolean paused;
        private boolean closed;

        ScriptedReading(Span span, Handler<Placed> each) {
            this.span = span;
            this.each = each;
            this.next = Math.max(firstOffset, span.from().offset());
        }

        void step() {
            if (paused || closed) {
                return;
            }
            if (failure != null) {
                openReadings--;
                closed = true;
                done.fail(failure);
                return;
            }
            if (next >= span.toOffset()) {
                openReadings--;
                closed = true;
                done.complete();
                return;
            }
            beforeHistory.run();
            LogRecord record = topic.get((int) next);
            Placed placed = new Placed(next, record);
            next++;
            if (record.executionId().equals(span.executionId())) {
                each.handle(placed);
            }
            context.runOnContext(v -> step());
        }

        @Override
        public Future<Void> done() {
            return done.future();
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            if (paused) {
                paused = false;
                context.runOnContext(v -> step());
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                openReadings--;
            }
        }
    }
}
