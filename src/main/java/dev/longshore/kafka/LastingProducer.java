package dev.longshore.kafka;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * An idempotent producer that never gives up while it is open, and keeps the order of the calls for
 * each key. May be used from any thread; its stages complete on a thread of its own or of the
 * client.
 *
 * <p>It stands on Kafka's own producer, on one thread of its own, and not on Vert.x's: that one
 * hands each record to the worker pool by itself, and a record that failed there may stand before
 * or behind the next one, so that neither batches nor ordered retries can be built on it. Here a
 * record that the client cannot take yet (no metadata, buffer full) keeps the thread until it can;
 * one that was taken is tried by the client, in order, without end.
 */
final class LastingProducer {
    private static final Duration FLUSH_AT_CLOSE = Duration.ofSeconds(2);

    private final ExecutorService thread;
    private final CompletableFuture<Producer<byte[], byte[]>> opened;
    private volatile boolean closing;

    /**
     * Set on the thread once a record was not taken while closing: the others need not wait for the
     * same.
     */
    private boolean gaveUp;

    LastingProducer(Map<String, String> properties, String threadName) {
        this.thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name(threadName).factory());
        this.opened =
                CompletableFuture.supplyAsync(
                        () -> new KafkaProducer<>(Map.copyOf(properties)), thread);
    }

    /**
     * Sends the records that the supplier makes, which it does on this producer's thread.
     *
     * @return where they stand, once every in-sync replica has them all; failed where one can never
     *     be written or this was closed before
     */
    CompletionStage<LineSink.Written> send(Supplier<List<ProducerRecord<byte[], byte[]>>> records) {
        CompletableFuture<LineSink.Written> written = new CompletableFuture<>();
        onThread(
                written,
                producer -> {
                    List<ProducerRecord<byte[], byte[]>> made = records.get();
                    Batch batch = new Batch(made.size(), written);
                    for (int i = 0; i < made.size(); i++) {
                        offer(producer, made.get(i), new Acknowledgement(batch, i));
                    }
                });
        return written;
    }

    /** How many partitions a topic has; waits for a broker that is away. */
    CompletionStage<Integer> partitions(String topic) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        onThread(
                answer,
                producer -> {
                    while (!answer.isDone()) {
                        try {
                            answer.complete(producer.partitionsFor(topic).size());
                        } catch (TimeoutException away) {
                            if (closing) {
                                answer.completeExceptionally(away);
                            }
                        }
                    }
                });
        return answer;
    }

    /** Waits some seconds for what is on its way, then fails it. */
    CompletionStage<Void> close() {
        closing = true;
        CompletableFuture<Void> closed = new CompletableFuture<>();
        onThread(
                closed,
                producer -> {
                    producer.close(FLUSH_AT_CLOSE);
                    closed.complete(null);
                });
        thread.shutdown();
        return closed.exceptionally(closedBefore -> null);
    }

    private interface Work {
        void with(Producer<byte[], byte[]> producer);
    }

    private void onThread(CompletableFuture<?> answer, Work work) {
        try {
            thread.execute(
                    () -> {
                        try {
                            work.with(opened.join());
                        } catch (RuntimeException failure) {
                            answer.completeExceptionally(failure);
                        }
                    });
        } catch (RejectedExecutionException closed) {
            answer.completeExceptionally(
                    new IllegalStateException("the producer is closed", closed));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears all that it would say
    private void offer(
            Producer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> record,
            Acknowledgement ack) {
        do {
            if (gaveUp) {
                ack.batch.failed(
                        new IllegalStateException("closed before the record could be sent"));
                return;
            }
            ack.notTaken = false;
            try {
                producer.send(record, ack);
            } catch (KafkaException | IllegalStateException failure) {
                ack.batch.failed(failure);
            }
            gaveUp = ack.notTaken && closing;
        } while (ack.notTaken);
    }

    /**
     * Told by the client about one record: at once on our thread where it was not taken, on the
     * client's later on.
     */
    private static final class Acknowledgement implements Callback {
        private final Batch batch;
        private final int index;
        private final Thread sending = Thread.currentThread();
        private boolean notTaken;

        Acknowledgement(Batch batch, int index) {
            this.batch = batch;
            this.index = index;
        }

        @Override
        public void onCompletion(RecordMetadata metadata, @Nullable Exception failure) {
            if (failure == null) {
                batch.written(index, metadata.offset());
            } else if (failure instanceof TimeoutException && Thread.currentThread() == sending) {
                notTaken = true;
            } else {
                batch.failed(failure);
            }
        }
    }

    /** Counts the records of one call; the client's thread and ours both count. */
    private static final class Batch {
        private final int size;
        private final CompletableFuture<LineSink.Written> result;
        private int written;
        private long firstOffset = -1;
        private long lastOffset = -1;

        Batch(int size, CompletableFuture<LineSink.Written> result) {
            if (size == 0) {
                throw new IllegalArgumentException("nothing to write");
            }
            this.size = size;
            this.result = result;
        }

        void written(int index, long offset) {
            boolean all;
            synchronized (this) {
                firstOffset = index == 0 ? offset : firstOffset;
                lastOffset = index == size - 1 ? offset : lastOffset;
                all = ++written == size;
            }
            if (all) {
                result.complete(new LineSink.Written(firstOffset, lastOffset));
            }
        }

        void failed(Exception failure) {
            result.completeExceptionally(failure);
        }
    }
}
