package dev.longshore.kafka;

import dev.longshore.job.NodeId;
import dev.longshore.wire.EventCodec;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The fence as Kafka has it: a producer with the lost node's transactional id. The broker raises
 * its epoch, refuses the earlier one and ends what that had open. Its producers block, on a worker.
 */
public final class KafkaNodeFence implements NodeFence {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaNodeFence.class);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);
    private static final String POOL = "longshore-fence";

    private final Context context;
    private final KafkaSettings settings;
    private final EventCodec codec;

    /** Prepares; talks to nobody yet. */
    public KafkaNodeFence(Context context, KafkaSettings settings, EventCodec codec) {
        this.context = context;
        this.settings = settings;
        this.codec = codec;
    }

    @Override
    public Future<Raised> raise(NodeId lost) {
        Map<String, Object> properties =
                Map.copyOf(ClientProperties.transactionalProducer(settings.withNode(lost)));
        return blocking(() -> open(properties)).map(Held::new);
    }

    private static Producer<byte[], byte[]> open(Map<String, Object> properties) {
        Producer<byte[], byte[]> producer = new KafkaProducer<>(properties);
        try {
            patiently(producer::initTransactions);
            return producer;
        } catch (KafkaException failure) {
            close(producer);
            throw failure;
        }
    }

    /** What took too long may be asked for again: it is the same transaction. */
    private static void patiently(Runnable step) {
        long began = System.nanoTime();
        while (true) {
            try {
                step.run();
                return;
            } catch (TimeoutException slow) {
                if (System.nanoTime() - began > LONGEST_NANOS) {
                    throw slow;
                }
            }
        }
    }

    private static void close(Producer<byte[], byte[]> producer) {
        try {
            producer.close(CLOSE_TIMEOUT);
        } catch (KafkaException | IllegalStateException failure) {
            LOG.debug("closing the producer of a fence", failure);
        }
    }

    private <T> Future<T> blocking(Callable<T> work) {
        WorkerExecutor workers =
                context.owner().createSharedWorkerExecutor(POOL, 1, 1, TimeUnit.HOURS);
        Future<T> answer = workers.executeBlocking(work, false).eventually(workers::close);
        return Future.fromCompletionStage(answer.toCompletionStage(), context);
    }

    private final class Held implements Raised {
        private final Producer<byte[], byte[]> producer;

        Held(Producer<byte[], byte[]> producer) {
            this.producer = producer;
        }

        @Override
        public Future<Void> write(List<EventSink.Finale> ends, List<Handover> handovers) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            ends.forEach(end -> records.addAll(Finales.records(settings.topics(), codec, end)));
            handovers.forEach(
                    each ->
                            records.add(
                                    Records.record(
                                            settings.topics().status(),
                                            codec.status(each.status(), each.traceparent()))));
            return blocking(
                    () -> {
                        commit(records);
                        return null;
                    });
        }

        @Override
        public Future<Void> close() {
            return blocking(
                    () -> {
                        KafkaNodeFence.close(producer);
                        return null;
                    });
        }

        /** A record that is not taken fails the commit. */
        @SuppressWarnings("FutureReturnValueIgnored")
        private void commit(List<ProducerRecord<byte[], byte[]>> records) {
            producer.beginTransaction();
            records.forEach(producer::send);
            patiently(producer::commitTransaction);
        }
    }
}
