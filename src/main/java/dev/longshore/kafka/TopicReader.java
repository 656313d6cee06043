package dev.longshore.kafka;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaReadStream;

import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads every partition of some topics, committed records only, without a group, by Vert.x's
 * consumer. All of it on one context. It asks for each poll itself: a poll that fails is then
 * answered by a pause and a new consumer that goes on where the last one was, where a stream with a
 * handler would fail again at once, and for ever.
 */
final class TopicReader {
    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long REOPEN_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 2_000;
    private static final long NEW_PARTITIONS_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Context context;
    private final Vertx vertx;
    private final KafkaSettings settings;
    private final Reading reading;
    private final Promise<Void> started = Promise.promise();
    private final Promise<Void> caughtUp = Promise.promise();
    private final TopicPlaces places;
    private final List<Promise<Void>> waiting = new ArrayList<>();

    private @Nullable KafkaReadStream<byte[], byte[]> stream;
    private long lookedNanos;
    private boolean closed;

    /**
     * What to read.
     *
     * @param role a word for client ids and messages
     * @param topics which topics
     * @param from where to begin
     * @param batch gets what one poll brought; what it throws is logged
     */
    record Reading(
            String role,
            List<String> topics,
            From from,
            Consumer<ConsumerRecords<byte[], byte[]>> batch) {}

    /**
     * Where to begin.
     *
     * @param timestampMillis records of that time and later; {@link Long#MIN_VALUE} for all,
     *     MAX_VALUE for new ones only
     */
    record From(long timestampMillis) {
        static final From BEGINNING = new From(Long.MIN_VALUE);
        static final From END = new From(Long.MAX_VALUE);
    }

    TopicReader(Context context, KafkaSettings settings, Reading reading) {
        this.context = context;
        this.vertx = context.owner();
        this.settings = settings;
        this.reading = reading;
        this.places = new TopicPlaces(reading, this::lastWritten);
    }

    /**
     * Succeeds once it is known where to begin; waits for brokers that are away. From any thread.
     */
    Future<Void> start() {
        context.runOnContext(now -> open());
        return Future.fromCompletionStage(started.future().toCompletionStage(), context);
    }

    /**
     * Succeeds once all that was there at the start has been handed over, but for what was never
     * committed. Transactions that are open then are waited for: they end by their own time limit
     * at the latest, or as soon as a process takes over from the one that left them.
     */
    Future<Void> caughtUp() {
        return Future.fromCompletionStage(caughtUp.future().toCompletionStage(), context);
    }

    /** Succeeds once all that is written by now has been handed over, as {@link #caughtUp}. */
    Future<Void> upToNow() {
        Promise<Void> told = Promise.promise();
        context.runOnContext(
                now ->
                        places.aimAtNow()
                                .onSuccess(aimed -> waitFor(told))
                                .onFailure(told::tryFail));
        return Future.fromCompletionStage(told.future().toCompletionStage(), context);
    }

    private void waitFor(Promise<Void> told) {
        if (closed) {
            told.tryFail("closed");
        } else {
            waiting.add(told);
        }
    }

    /** From any thread; nothing is handed over afterwards. */
    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                now -> {
                    closed = true;
                    started.tryFail("closed");
                    caughtUp.tryFail("closed");
                    List.copyOf(waiting).forEach(told -> told.tryFail("closed"));
                    KafkaReadStream<byte[], byte[]> open = stream;
                    stream = null;
                    release(open).onComplete(done);
                });
        return Future.fromCompletionStage(done.future().toCompletionStage(), context);
    }

    private void open() {
        if (closed) {
            return;
        }
        Map<String, Object> properties =
                new HashMap<>(ClientProperties.consumer(settings, reading.role()));
        vertx.executeBlocking(() -> new KafkaConsumer<byte[], byte[]>(properties), false)
                .compose(
                        consumer -> {
                            KafkaReadStream<byte[], byte[]> fresh =
                                    KafkaReadStream.create(vertx, consumer);
                            if (closed) {
                                return release(fresh)
                                        .compose(released -> Future.failedFuture("closed"));
                            }
                            stream = fresh;
                            lookedNanos = System.nanoTime();
                            return places.assignAll(fresh).map(fresh);
                        })
                .onSuccess(
                        fresh -> {
                            started.tryComplete();
                            turn(fresh);
                        })
                .onFailure(this::reopen);
    }

    private Future<Map<TopicPartition, Long>> lastWritten(Set<TopicPartition> partitions) {
        EndOffsets ends =
                new EndOffsets(settings, IsolationLevel.READ_UNCOMMITTED, reading.role() + "-ends");
        Map<TopicPartition, Long> found = new HashMap<>();
        List<Future<?>> answers = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            answers.add(
                    Future.fromCompletionStage(ends.of(partition), context)
                            .onSuccess(end -> found.put(partition, end)));
        }
        return Future.join(answers)
                .map(found)
                .eventually(() -> Future.fromCompletionStage(ends.close(), context));
    }

    private void turn(KafkaReadStream<byte[], byte[]> open) {
        if (open != stream) {
            return;
        }
        open.poll(POLL)
                .onSuccess(
                        records -> {
                            if (open == stream) {
                                handOver(records);
                                afterwards(open)
                                        .onSuccess(done -> turn(open))
                                        .onFailure(this::reopen);
                            }
                        })
                .onFailure(
                        failure -> {
                            if (open == stream) {
                                reopen(failure);
                            }
                        });
    }

    private void handOver(ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        try {
            reading.batch().accept(records);
        } catch (RuntimeException failure) {
            LOG.error("a batch of {} was not taken in", reading.role(), failure);
        }
        places.handedOver(records);
    }

    private Future<Void> afterwards(KafkaReadStream<byte[], byte[]> open) {
        if (!places.reachedTargets()) {
            return places.lookForTargets(open).onSuccess(looked -> sayWhenCaughtUp());
        }
        sayWhenCaughtUp();
        if (System.nanoTime() - lookedNanos < NEW_PARTITIONS_NANOS) {
            return Future.succeededFuture();
        }
        lookedNanos = System.nanoTime();
        return places.assignAll(open);
    }

    private void sayWhenCaughtUp() {
        if (places.reachedTargets()) {
            caughtUp.tryComplete();
            List<Promise<Void>> told = List.copyOf(waiting);
            waiting.clear();
            told.forEach(Promise::tryComplete);
        }
    }

    private void reopen(Throwable failure) {
        if (closed) {
            return;
        }
        LOG.warn(
                "reading {} failed, a new consumer follows: {}",
                reading.topics(),
                failure.toString());
        KafkaReadStream<byte[], byte[]> broken = stream;
        stream = null;
        places.lostConsumer();
        release(broken);
        vertx.setTimer(REOPEN_MILLIS, later -> open());
    }

    private Future<Void> release(@Nullable KafkaReadStream<byte[], byte[]> open) {
        if (open == null) {
            return Future.succeededFuture();
        }
        return open.close()
                .timeout(CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .recover(
                        failure -> {
                            LOG.debug("closing the consumer of {}", reading.topics(), failure);
                            return Future.succeededFuture();
                        });
    }
}
