package dev.longshore.kafka;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** One question to the brokers by a consumer that is opened for it, on a thread of its own. */
final class BriefConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(BriefConsumer.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);
    private static final long LONGEST_HOURS = 1;

    private BriefConsumer() {}

    /**
     * Opens, works, closes; from any thread, answering on the context.
     *
     * @param work blocks; bounds its time itself
     */
    static <K, V, T> Future<T> with(
            Context context, String role, Supplier<Consumer<K, V>> open, Work<K, V, T> work) {
        WorkerExecutor workers =
                context.owner()
                        .createSharedWorkerExecutor(
                                "longshore-" + role, 1, LONGEST_HOURS, TimeUnit.HOURS);
        Future<T> answer =
                workers.<T>executeBlocking(() -> run(open.get(), work), false)
                        .eventually(workers::close);
        return Future.fromCompletionStage(answer.toCompletionStage(), context);
    }

    /** What is asked. */
    interface Work<K, V, T> extends Function<Consumer<K, V>, T> {}

    private static <K, V, T> T run(Consumer<K, V> consumer, Work<K, V, T> work) {
        try {
            return work.apply(consumer);
        } finally {
            try {
                consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            } catch (KafkaException failure) {
                LOG.debug("closing a consumer", failure);
            }
        }
    }
}
