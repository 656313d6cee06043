package dev.longshore.board;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.kafka.LineSource;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The topic of log lines, read once for all readers: one registration, whose records go to those
 * who follow their execution. On the board's context only.
 */
final class TopicLogFeed implements LogFeed {
    private static final long SHARED_RECORDS = 1_000;
    private static final Future<Void> DONE = Future.succeededFuture();

    private final Vertx vertx;
    private final LineSource source;
    private final Map<ExecutionId, Audience> audiences = new HashMap<>();
    private final Map<Integer, Future<Long>> firstEnds = new HashMap<>();
    private final Map<Integer, Long> delivered = new HashMap<>();
    private final Map<Span, Future<List<LogRecord>>> underway = new HashMap<>();
    private @Nullable Future<LineSource.Registration> listening;

    TopicLogFeed(Vertx vertx, LineSource source) {
        this.vertx = vertx;
        this.source = source;
    }

    @Override
    public Future<Watch> live(ExecutionId id, Follower follower) {
        Future<LineSource.Registration> registered = listening;
        if (registered == null || registered.failed()) {
            registered = source.live(this::deliver);
            listening = registered;
        }
        // One of its own each time: the same reader may follow twice.
        Follower place = new Place(follower);
        audiences.computeIfAbsent(id, key -> new Audience(vertx)).join(place);
        Watch watch = () -> remove(id, place);
        return registered.<Watch>map(watch).onFailure(failure -> watch.close());
    }

    @Override
    public Future<Long> endOffset(LogPosition position) {
        return source.endOffset(position.partition());
    }

    @Override
    public Future<Long> liveOffset(LogPosition position) {
        int partition = position.partition();
        Long reached = delivered.get(partition);
        if (reached != null) {
            return Future.succeededFuture(reached);
        }
        Future<Long> first = firstEnds.get(partition);
        if (first == null || first.failed()) {
            // Asked while there is a listener already: from there on nothing is missed.
            first = source.endOffset(partition);
            firstEnds.put(partition, first);
        }
        return first;
    }

    @Override
    public Future<Void> history(Span span, Function<List<LogRecord>, Future<Void>> sink) {
        if (span.toOffset() - span.from().offset() <= SHARED_RECORDS) {
            return shared(span).compose(all -> all.isEmpty() ? DONE : sink.apply(all));
        }
        return source.history(span.from(), span.toOffset(), span.executionId(), sink);
    }

    /** Of those who come at the same time only one reads: all who waited for a job to begin. */
    private Future<List<LogRecord>> shared(Span span) {
        Future<List<LogRecord>> reading = underway.get(span);
        if (reading == null) {
            List<LogRecord> all = new ArrayList<>();
            reading =
                    source.history(
                                    span.from(),
                                    span.toOffset(),
                                    span.executionId(),
                                    piece -> {
                                        all.addAll(piece);
                                        return DONE;
                                    })
                            .map(read -> all);
            underway.put(span, reading);
            reading.onComplete(read -> underway.remove(span));
        }
        return reading;
    }

    private void deliver(LineSource.LiveBatch batch) {
        delivered.put(batch.partition(), batch.nextOffset());
        Set<Audience> told = new LinkedHashSet<>();
        for (LogRecord entry : batch.records()) {
            Audience wanting = audiences.get(entry.executionId());
            if (wanting != null) {
                wanting.take(entry);
                told.add(wanting);
            }
        }
        told.forEach(Audience::batchOver);
    }

    private void remove(ExecutionId id, Follower place) {
        audiences.computeIfPresent(id, (key, audience) -> audience.leave(place) ? null : audience);
    }

    private static final class Place implements Follower {
        private final Follower follower;

        Place(Follower follower) {
            this.follower = follower;
        }

        @Override
        public void handle(LogRecord entry) {
            follower.handle(entry);
        }

        @Override
        public void handleRun(LineRun run) {
            follower.handleRun(run);
        }
    }
}
