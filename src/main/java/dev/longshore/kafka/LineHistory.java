package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.wire.EventCodec;
import dev.longshore.wire.WireException;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Reads ranges of one partition, a piece at a time, with a few consumers that are used again. A
 * reader that is slow to take a piece holds no consumer meanwhile; one that is quick finds its own
 * again, with the next records fetched.
 */
final class LineHistory {
    private static final Logger LOG = LoggerFactory.getLogger(LineHistory.class);
    private static final int CONSUMERS = 4;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);
    private static final long PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int PIECE_RECORDS = 1_000;
    private static final int PIECE_BYTES = 1 << 20;

    private final Context context;
    private final KafkaSettings settings;
    private final EventCodec codec;
    private final WorkerExecutor workers;

    /** Those at rest; guarded by this, as is {@link #closed}. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private boolean closed;

    /** A consumer and what it would read next. */
    private record Idle(
            Consumer<byte[], byte[]> consumer, @Nullable TopicPartition partition, long offset) {}

    /** One reader's task. */
    private record Range(
            TopicPartition partition,
            long toExclusive,
            byte[] key,
            Function<List<LogRecord>, Future<Void>> sink,
            Promise<Void> done) {}

    /** What one turn brought, and where the next one begins. */
    private record Piece(List<LogRecord> records, long next, long nanos) {}

    LineHistory(Context context, KafkaSettings settings, EventCodec codec) {
        this.context = context;
        this.settings = settings;
        this.codec = codec;
        this.workers =
                context.owner().createSharedWorkerExecutor("longshore-log-history", CONSUMERS);
    }

    Future<Void> read(
            LogPosition from,
            long toExclusive,
            ExecutionId executionId,
            Function<List<LogRecord>, Future<Void>> sink) {
        Promise<Void> done = Promise.promise();
        byte[] key = executionId.value().getBytes(StandardCharsets.UTF_8);
        Range range =
                new Range(
                        new TopicPartition(from.topic(), from.partition()),
                        toExclusive,
                        key,
                        sink,
                        done);
        context.runOnContext(now -> step(range, from.offset(), 0));
        return Future.fromCompletionStage(done.future().toCompletionStage(), context);
    }

    Future<Void> close() {
        List<Idle> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(idle);
            idle.clear();
        }
        return workers.executeBlocking(
                        () -> {
                            all.forEach(one -> release(one.consumer()));
                            return null;
                        },
                        false)
                .eventually(workers::close)
                .mapEmpty();
    }

    /** {@code idleNanos} is how long it was read in vain: waiting for a turn does not count. */
    private void step(Range range, long offset, long idleNanos) {
        if (offset >= range.toExclusive()) {
            range.done().complete();
            return;
        }
        Future<Piece> piece =
                Future.fromCompletionStage(
                        workers.executeBlocking(() -> readPiece(range, offset), false)
                                .toCompletionStage(),
                        context);
        piece.compose(
                        read -> {
                            boolean stalled =
                                    read.next() == offset
                                            && idleNanos + read.nanos() > STALLED_NANOS;
                            if (stalled) {
                                return Future.failedFuture(
                                        new TimeoutException(
                                                "no record of " + range.partition() + " came"));
                            }
                            Future<Void> taken =
                                    read.records().isEmpty()
                                            ? Future.succeededFuture()
                                            : range.sink().apply(read.records());
                            return taken.map(read);
                        })
                .onFailure(range.done()::fail)
                .onSuccess(
                        read ->
                                context.runOnContext(
                                        now ->
                                                step(
                                                        range,
                                                        read.next(),
                                                        read.next() == offset
                                                                ? idleNanos + read.nanos()
                                                                : 0)));
    }

    private Piece readPiece(Range range, long offset) {
        Idle borrowed = borrow(range.partition(), offset);
        Consumer<byte[], byte[]> consumer = borrowed.consumer();
        try {
            if (borrowed.offset() != offset || !range.partition().equals(borrowed.partition())) {
                consumer.assign(List.of(range.partition()));
                consumer.seek(range.partition(), offset);
            }
            Piece piece = poll(consumer, range);
            giveBack(new Idle(consumer, range.partition(), piece.next()));
            return piece;
        } catch (KafkaException | IllegalStateException failure) {
            release(consumer);
            throw failure;
        }
    }

    private Piece poll(Consumer<byte[], byte[]> consumer, Range range) {
        List<LogRecord> records = new ArrayList<>();
        long began = System.nanoTime();
        int bytes = 0;
        long next = consumer.position(range.partition());
        while (next < range.toExclusive()
                && records.size() < PIECE_RECORDS
                && bytes < PIECE_BYTES
                && System.nanoTime() - began < PIECE_NANOS) {
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                if (read.offset() < range.toExclusive() && Arrays.equals(read.key(), range.key())) {
                    bytes += Math.max(0, read.serializedValueSize());
                    add(read, records);
                }
            }
            next = consumer.position(range.partition());
        }
        return new Piece(records, next, System.nanoTime() - began);
    }

    private void add(ConsumerRecord<byte[], byte[]> read, List<LogRecord> records) {
        try {
            records.add(codec.readLog(Records.message(read)));
        } catch (WireException notOurs) {
            LOG.warn(
                    "{}-{} at {} is no log line: {}",
                    read.topic(),
                    read.partition(),
                    read.offset(),
                    notOurs.getMessage());
        }
    }

    private Idle borrow(TopicPartition partition, long offset) {
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the history of logs is closed");
            }
            for (Iterator<Idle> all = idle.iterator(); all.hasNext(); ) {
                Idle one = all.next();
                if (partition.equals(one.partition()) && one.offset() == offset) {
                    all.remove();
                    return one;
                }
            }
            Idle oldest = idle.pollFirst();
            if (oldest != null) {
                return oldest;
            }
        }
        Map<String, Object> properties =
                Map.copyOf(ClientProperties.consumer(settings, "log-history"));
        return new Idle(new KafkaConsumer<>(properties), null, -1);
    }

    private void giveBack(Idle used) {
        synchronized (this) {
            if (!closed) {
                idle.addLast(used);
                return;
            }
        }
        release(used.consumer());
    }

    private static void release(Consumer<byte[], byte[]> consumer) {
        try {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        } catch (KafkaException failure) {
            LOG.debug("closing a consumer of log history", failure);
        }
    }
}
