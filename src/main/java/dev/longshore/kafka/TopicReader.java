package dev.longshore.kafka;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaReadStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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

    /** The next offset to read, of partitions that were read from; survives the consumer. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /** Where each partition ended when this began, as long as it was not reached. */
    private final Map<TopicPartition, Long> targets = new HashMap<>();

    private @Nullable KafkaReadStream<byte[], byte[]> stream;
    private Set<TopicPartition> assigned = Set.of();
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
    }

    /**
     * Succeeds once it is known where to begin; waits for brokers that are away. From any thread.
     */
    Future<Void> start() {
        context.runOnContext(now -> open());
        return Future.fromCompletionStage(started.future().toCompletionStage(), context);
    }

    /** Succeeds once all that was there at the start has been handed over. */
    Future<Void> caughtUp() {
        return Future.fromCompletionStage(caughtUp.future().toCompletionStage(), context);
    }

    /** From any thread; nothing is handed over afterwards. */
    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                now -> {
                    closed = true;
                    started.tryFail("closed");
                    caughtUp.tryFail("closed");
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
                            return assignAll(fresh).map(fresh);
                        })
                .onSuccess(
                        fresh -> {
                            started.tryComplete();
                            turn(fresh);
                        })
                .onFailure(this::reopen);
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
        for (ConsumerRecord<byte[], byte[]> record : records) {
            positions.put(
                    new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        }
    }

    private Future<Void> afterwards(KafkaReadStream<byte[], byte[]> open) {
        if (!targets.isEmpty()) {
            return lookForTargets(open);
        }
        caughtUp.tryComplete();
        if (System.nanoTime() - lookedNanos > NEW_PARTITIONS_NANOS) {
            return assignAll(open);
        }
        return Future.succeededFuture();
    }

    /**
     * By position and not by record: the last offsets of a partition may be markers that no reader
     * sees.
     */
    private Future<Void> lookForTargets(KafkaReadStream<byte[], byte[]> open) {
        List<Future<?>> answers = new ArrayList<>();
        for (TopicPartition partition : List.copyOf(targets.keySet())) {
            answers.add(
                    open.position(partition)
                            .onSuccess(
                                    position -> {
                                        Long target = targets.get(partition);
                                        if (target != null && position >= target) {
                                            targets.remove(partition);
                                        }
                                    }));
        }
        return Future.all(answers)
                .onSuccess(
                        all -> {
                            if (targets.isEmpty()) {
                                caughtUp.tryComplete();
                            }
                        })
                .mapEmpty();
    }

    private Future<Void> assignAll(KafkaReadStream<byte[], byte[]> open) {
        List<Future<List<PartitionInfo>>> answers =
                reading.topics().stream().map(open::partitionsFor).toList();
        return Future.all(answers)
                .compose(
                        all -> {
                            lookedNanos = System.nanoTime();
                            Set<TopicPartition> known = new HashSet<>();
                            for (Future<List<PartitionInfo>> answer : answers) {
                                answer.result()
                                        .forEach(
                                                info ->
                                                        known.add(
                                                                new TopicPartition(
                                                                        info.topic(),
                                                                        info.partition())));
                            }
                            if (known.equals(assigned)) {
                                return Future.succeededFuture();
                            }
                            Set<TopicPartition> fresh = new HashSet<>(known);
                            fresh.removeAll(assigned);
                            boolean first = !started.future().isComplete();
                            return open.assign(known)
                                    .compose(
                                            done -> {
                                                assigned = known;
                                                return position(open, fresh, first);
                                            });
                        });
    }

    /**
     * The partitions of the first start begin where the reading says, later ones at their
     * beginning.
     */
    private Future<Void> position(
            KafkaReadStream<byte[], byte[]> open, Set<TopicPartition> fresh, boolean first) {
        List<Future<?>> seeks = new ArrayList<>();
        Set<TopicPartition> unread = new HashSet<>();
        for (TopicPartition partition : fresh) {
            Long position = positions.get(partition);
            if (position != null) {
                seeks.add(open.seek(partition, position));
            } else {
                unread.add(partition);
            }
        }
        Future<Void> sought = Future.all(seeks).mapEmpty();
        return first ? sought.compose(done -> begin(open, unread)) : sought;
    }

    private Future<Void> begin(
            KafkaReadStream<byte[], byte[]> open, Set<TopicPartition> partitions) {
        // The ends first: what is written while we look is behind them and so is not missed.
        return open.endOffsets(partitions)
                .compose(
                        ends -> {
                            long from = reading.from().timestampMillis();
                            if (from == Long.MIN_VALUE) {
                                return open.beginningOffsets(partitions)
                                        .map(
                                                beginnings -> {
                                                    partitions.forEach(
                                                            partition ->
                                                                    aim(
                                                                            partition,
                                                                            beginnings.get(
                                                                                    partition),
                                                                            ends.get(partition)));
                                                    return null;
                                                });
                            }
                            if (from == Long.MAX_VALUE) {
                                return seek(open, ends);
                            }
                            Map<TopicPartition, Long> times = new HashMap<>();
                            partitions.forEach(partition -> times.put(partition, from));
                            return open.offsetsForTimes(times)
                                    .compose(
                                            found -> {
                                                Map<TopicPartition, Long> starts =
                                                        new HashMap<>(ends);
                                                found.forEach(
                                                        (partition, at) -> {
                                                            if (at != null) {
                                                                starts.put(partition, at.offset());
                                                                aim(
                                                                        partition,
                                                                        at.offset(),
                                                                        ends.get(partition));
                                                            }
                                                        });
                                                return seek(open, starts);
                                            });
                        });
    }

    private void aim(TopicPartition partition, long start, long end) {
        if (start < end) {
            targets.put(partition, end);
        }
    }

    private Future<Void> seek(
            KafkaReadStream<byte[], byte[]> open, Map<TopicPartition, Long> offsets) {
        List<Future<?>> seeks = new ArrayList<>();
        offsets.forEach(
                (partition, offset) -> {
                    positions.put(partition, offset);
                    seeks.add(open.seek(partition, offset));
                });
        return Future.all(seeks).mapEmpty();
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
        assigned = Set.of();
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
