package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.wire.EventCodec;
import dev.longshore.wire.WireException;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Log lines, old and new, committed ones only. Called on the given context and answers there.
 *
 * <p>To follow a log without loss: {@link #live} first; once it succeeded, {@link #endOffset} of
 * the partition; then {@link #history} up to that offset; then what live brought meanwhile and
 * brings from there on, leaving out what history had already (attempt and seq tell).
 */
public final class LineSource {
    private static final Logger LOG = LoggerFactory.getLogger(LineSource.class);

    private final Context context;
    private final KafkaSettings settings;
    private final EventCodec codec;
    private final LineHistory history;
    private final EndOffsets ends;
    private final List<Listening> listeners = new ArrayList<>();
    private @Nullable TopicReader reader;
    private Future<Void> begun = Future.failedFuture("not begun");

    /**
     * New records of one partition, in their order, of all its executions.
     *
     * @param partition the partition
     * @param nextOffset the offset behind the last record
     * @param records the records
     */
    public record LiveBatch(int partition, long nextOffset, List<LogRecord> records) {
        /** Copies the list. */
        public LiveBatch {
            records = List.copyOf(records);
        }
    }

    /** A listener's place: closing it ends the calls. */
    public interface Registration {
        /** No more batches from now on. On the context of the source. */
        void close();
    }

    private final class Listening implements Registration {
        private final Handler<LiveBatch> handler;

        Listening(Handler<LiveBatch> handler) {
            this.handler = handler;
        }

        @Override
        public void close() {
            listeners.remove(this);
        }
    }

    /** Prepares; talks to nobody yet. */
    public LineSource(Context context, KafkaSettings settings, EventCodec codec) {
        this.context = context;
        this.settings = settings;
        this.codec = codec;
        this.history = new LineHistory(context, settings, codec);
        this.ends = new EndOffsets(settings, IsolationLevel.READ_COMMITTED, "log-ends");
    }

    /**
     * Reads what stands between two offsets, of one execution, in order.
     *
     * @param from where to begin; what retention has taken is passed over
     * @param toExclusive the offset to stop before, at most {@link #endOffset}
     * @param executionId whose records
     * @param sink gets them in pieces of up to some thousand; the next piece comes when its future
     *     succeeds, and a failed one ends the reading with that failure
     * @return succeeds when the range was read; fails where the brokers do not answer for twenty
     *     seconds
     */
    public Future<Void> history(
            LogPosition from,
            long toExclusive,
            ExecutionId executionId,
            Function<List<LogRecord>, Future<Void>> sink) {
        return history.read(from, toExclusive, executionId, sink);
    }

    /**
     * Where a partition of the topic of logs ends for readers; fails where the brokers do not
     * answer in ten seconds.
     */
    public Future<Long> endOffset(int partition) {
        return Future.fromCompletionStage(
                ends.of(new TopicPartition(settings.topics().logs(), partition)), context);
    }

    /**
     * Hears of all new records. The first call opens the one consumer that all listeners share.
     *
     * @return succeeds once every record that is written from then on will come
     */
    public Future<Registration> live(Handler<LiveBatch> handler) {
        Listening listening = new Listening(handler);
        listeners.add(listening);
        if (reader == null) {
            TopicReader opened =
                    new TopicReader(
                            context,
                            settings,
                            new TopicReader.Reading(
                                    "log-tail",
                                    List.of(settings.topics().logs()),
                                    TopicReader.From.END,
                                    this::deliver));
            reader = opened;
            begun = opened.start();
        }
        return begun.map(listening);
    }

    /** Stops reading; within five seconds, even with the broker gone. */
    public Future<Void> close() {
        listeners.clear();
        TopicReader opened = reader;
        Future<Void> stopped = opened == null ? Future.succeededFuture() : opened.close();
        return Future.join(
                        stopped, history.close(), Future.fromCompletionStage(ends.close(), context))
                .mapEmpty();
    }

    private void deliver(ConsumerRecords<byte[], byte[]> batch) {
        if (listeners.isEmpty()) {
            return;
        }
        for (TopicPartition partition : batch.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> read = batch.records(partition);
            LiveBatch lines =
                    new LiveBatch(partition.partition(), read.getLast().offset() + 1, decode(read));
            for (Listening listening : List.copyOf(listeners)) {
                try {
                    listening.handler.handle(lines);
                } catch (RuntimeException failure) {
                    LOG.error("a listener of log lines failed", failure);
                }
            }
        }
    }

    private List<LogRecord> decode(List<ConsumerRecord<byte[], byte[]>> read) {
        List<LogRecord> lines = new ArrayList<>(read.size());
        for (ConsumerRecord<byte[], byte[]> record : read) {
            try {
                lines.add(codec.readLog(Records.message(record)));
            } catch (WireException notOurs) {
                LOG.warn(
                        "{}-{} at {} is no log line: {}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        notOurs.getMessage());
            }
        }
        return lines;
    }
}
