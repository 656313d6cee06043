package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the lines that it is told in one partition. Acknowledges at once, or, between {@link #hold}
 * and {@link #release}, when told to: then nothing is written before the release, as with a broker
 * that is away.
 */
public final class RecordingLineSink implements LineSink {
    /** The topic of every position. */
    public static final String TOPIC = "recorded.logs";

    private final List<LogRecord> written = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;
    private boolean closed;

    /** Everything, in order; a record's index is its offset. */
    public synchronized List<LogRecord> records() {
        return List.copyOf(written);
    }

    /** The records of one execution. */
    public List<LogRecord> records(ExecutionId executionId) {
        return records().stream()
                .filter(logged -> logged.executionId().equals(executionId))
                .toList();
    }

    /** The lines of one execution as text. */
    public List<String> lines(ExecutionId executionId) {
        return records(executionId).stream()
                .map(RecordingLineSink::text)
                .filter(text -> text != null)
                .toList();
    }

    /** From now on nothing is written or acknowledged. */
    public synchronized void hold() {
        holding = true;
    }

    /** Writes and acknowledges what was held, in order, and goes on as before. */
    public void release() {
        List<Runnable> waiting;
        synchronized (this) {
            holding = false;
            waiting = List.copyOf(held);
            held.clear();
        }
        waiting.forEach(Runnable::run);
    }

    @Override
    public synchronized Future<LogPosition> position(ExecutionId executionId) {
        return Future.succeededFuture(new LogPosition(TOPIC, 0, written.size()));
    }

    @Override
    public Future<Written> write(List<? extends LogRecord> batch) {
        List<LogRecord> records = List.copyOf(batch);
        if (records.isEmpty()) {
            return Future.failedFuture(new IllegalArgumentException("nothing to write"));
        }
        Promise<Written> acknowledged = Promise.promise();
        synchronized (this) {
            if (closed) {
                return Future.failedFuture(new IllegalStateException("closed"));
            }
            if (holding) {
                held.add(() -> acknowledged.complete(append(records)));
                return acknowledged.future();
            }
        }
        acknowledged.complete(append(records));
        return acknowledged.future();
    }

    @Override
    public synchronized Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }

    private synchronized Written append(List<LogRecord> records) {
        long first = written.size();
        written.addAll(records);
        return new Written(first, written.size() - 1L);
    }

    private static @Nullable String text(LogRecord logged) {
        return logged instanceof LogRecord.Line line
                ? new String(line.bytes(), StandardCharsets.UTF_8)
                : null;
    }
}
