package dev.longshore.kafka;

import dev.longshore.job.Refusal;
import dev.longshore.wire.DeadLetters;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaWriteStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts refused records aside. From any thread; answers on the context. Their order does not matter,
 * so that Vert.x's producer is enough: what fails is tried again until it is written or the sink is
 * closed.
 */
final class DeadLetterSink {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterSink.class);
    private static final long RETRY_MILLIS = 500;
    private static final long CLOSE_MILLIS = 1_000;

    private final Context context;
    private final Vertx vertx;
    private final KafkaSettings settings;

    // Both for the context only.
    private @Nullable KafkaWriteStream<byte[], byte[]> producer;
    private boolean closed;

    DeadLetterSink(Context context, KafkaSettings settings) {
        this.context = context;
        this.vertx = context.owner();
        this.settings = settings;
    }

    /** Completed when every in-sync replica has it; fails only when this is closed before. */
    Future<Void> put(ConsumerRecord<byte[], byte[]> refused, Refusal refusal) {
        DeadLetters.Origin origin =
                new DeadLetters.Origin(
                        refused.topic(), refused.partition(), refused.offset(), settings.group());
        LOG.info(
                "refused {}-{} at {}: {} {}",
                refused.topic(),
                refused.partition(),
                refused.offset(),
                refusal.code(),
                refusal.message());
        ProducerRecord<byte[], byte[]> letter =
                Records.record(
                        settings.topics().deadLetters(),
                        DeadLetters.wrap(
                                Records.message(refused), origin, refusal, settings.nodeId()));
        Promise<Void> written = Promise.promise();
        context.runOnContext(now -> attempt(letter, written));
        written.future().onSuccess(done -> Counts.refused(refusal.code()));
        return Future.fromCompletionStage(written.future().toCompletionStage(), context);
    }

    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                now -> {
                    closed = true;
                    KafkaWriteStream<byte[], byte[]> open = producer;
                    (open == null ? Future.<Void>succeededFuture() : open.close(CLOSE_MILLIS))
                            .onComplete(done);
                });
        return done.future();
    }

    private void attempt(ProducerRecord<byte[], byte[]> letter, Promise<Void> written) {
        if (closed) {
            written.fail(new IllegalStateException("closed before the dead letter was written"));
            return;
        }
        producer()
                .send(letter)
                .onComplete(
                        done -> {
                            if (done.succeeded()) {
                                written.complete();
                            } else if (done.cause() instanceof RecordTooLargeException
                                    && letter.value() != null) {
                                // With the headers that say why, it no longer fits: the place of
                                // the original must do.
                                attempt(withoutValue(letter), written);
                            } else {
                                LOG.warn(
                                        "dead letter not written yet: {}",
                                        done.cause().getMessage());
                                vertx.setTimer(RETRY_MILLIS, again -> attempt(letter, written));
                            }
                        });
    }

    private KafkaWriteStream<byte[], byte[]> producer() {
        KafkaWriteStream<byte[], byte[]> open = producer;
        if (open == null) {
            Map<String, Object> properties =
                    new HashMap<>(ClientProperties.promptProducer(settings, "dead-letters"));
            open = KafkaWriteStream.create(vertx, properties);
            // A failed send fails its future, which is where it is handled.
            open.exceptionHandler(failure -> LOG.debug("dead letter producer", failure));
            producer = open;
        }
        return open;
    }

    private static ProducerRecord<byte[], byte[]> withoutValue(
            ProducerRecord<byte[], byte[]> letter) {
        ProducerRecord<byte[], byte[]> shorter =
                new ProducerRecord<>(letter.topic(), null, letter.key(), null, letter.headers());
        shorter.headers()
                .add(
                        "__dlq.errors.value",
                        ("left out: " + letter.value().length + " bytes")
                                .getBytes(StandardCharsets.UTF_8));
        return shorter;
    }
}
