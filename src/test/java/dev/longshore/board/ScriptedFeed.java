package dev.longshore.board;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One partition in memory. Used on one context; history is given two records a turn, so that live
 * ones get between.
 */
final class ScriptedFeed implements LogFeed {
    final List<LogRecord> topic = new ArrayList<>();
    final Map<Object, Handler<LogRecord>> live = new LinkedHashMap<>();
    int readings;
    int openReadings;
    long firstOffset;
    @Nullable RuntimeException failure;

    /** Called before each piece of history. */
    Runnable beforeHistory = () -> {};

    private final Context context;

    ScriptedFeed(Context context) {
        this.context = context;
    }

    /** As a node writes: into the topic, and to whoever listens. */
    void write(LogRecord record) {
        topic.add(record);
        List.copyOf(live.values()).forEach(each -> each.handle(record));
    }

    @Override
    public Future<Long> endOffset(LogPosition position) {
        Promise<Long> promise = Promise.promise();
        context.runOnContext(v -> promise.complete((long) topic.size()));
        return promise.future();
    }

    @Override
    public Future<Void> history(Span span, Function<List<LogRecord>, Future<Void>> sink) {
        readings++;
        openReadings++;
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                v -> step(span, Math.max(firstOffset, span.from().offset()), sink, done));
        return done.future().onComplete(v -> openReadings--);
    }

    @Override
    public Future<Watch> live(ExecutionId id, Follower each) {
        Object key = new Object();
        Promise<Watch> promise = Promise.promise();
        context.runOnContext(
                v -> {
                    live.put(
                            key,
                            record -> {
                                if (record.executionId().equals(id)) {
                                    each.handle(record);
                                }
                            });
                    promise.complete(() -> live.remove(key));
                });
        return promise.future();
    }

    private void step(
            Span span,
            long next,
            Function<List<LogRecord>, Future<Void>> sink,
            Promise<Void> done) {
        if (failure != null) {
            done.fail(failure);
            return;
        }
        if (next >= span.toOffset()) {
            done.complete();
            return;
        }
        beforeHistory.run();
        long to = Math.min(span.toOffset(), next + 2);
        List<LogRecord> piece =
                topic.subList((int) next, (int) to).stream()
                        .filter(record -> record.executionId().equals(span.executionId()))
                        .toList();
        Future<Void> taken = piece.isEmpty() ? Future.succeededFuture() : sink.apply(piece);
        taken.onFailure(done::fail)
                .onSuccess(v -> context.runOnContext(w -> step(span, to, sink, done)));
    }
}
