package dev.longshore.board;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.kafka.LineSource;

import io.vertx.core.Future;
import io.vertx.core.Handler;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The topic of log lines, read once for all readers: one registration, whose records go to those
 * who follow their execution. On the board's context only.
 */
final class TopicLogFeed implements LogFeed {
    private final LineSource source;
    private final Map<ExecutionId, List<Handler<LogRecord>>> followers = new HashMap<>();
    private @Nullable Future<LineSource.Registration> listening;

    TopicLogFeed(LineSource source) {
        this.source = source;
    }

    @Override
    public Future<Watch> live(ExecutionId id, Handler<LogRecord> each) {
        Future<LineSource.Registration> registered = listening;
        if (registered == null || registered.failed()) {
            registered = source.live(this::deliver);
            listening = registered;
        }
        // A handler of its own each time: the same reader may follow twice.
        Handler<LogRecord> follower = entry -> each.handle(entry);
        followers.computeIfAbsent(id, key -> new ArrayList<>()).add(follower);
        Watch watch = () -> remove(id, follower);
        return registered.<Watch>map(watch).onFailure(failure -> watch.close());
    }

    @Override
    public Future<Long> endOffset(LogPosition position) {
        return source.endOffset(position.partition());
    }

    @Override
    public Future<Void> history(Span span, Function<List<LogRecord>, Future<Void>> sink) {
        return source.history(span.from(), span.toOffset(), span.executionId(), sink);
    }

    private void deliver(LineSource.LiveBatch batch) {
        for (LogRecord entry : batch.records()) {
            List<Handler<LogRecord>> wanting = followers.get(entry.executionId());
            if (wanting != null) {
                // A copy: a reader that has its end leaves while it is told.
                List.copyOf(wanting).forEach(follower -> follower.handle(entry));
            }
        }
    }

    private void remove(ExecutionId id, Handler<LogRecord> follower) {
        followers.computeIfPresent(
                id,
                (key, list) -> {
                    list.remove(follower);
                    return list.isEmpty() ? null : list;
                });
    }
}
