package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;
import dev.longshore.wire.EventCodec;
import dev.longshore.wire.Message;

import io.vertx.core.Context;
import io.vertx.core.Future;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Events to their topics. Status and node events go by an idempotent producer, the ends of
 * executions by transactions; a finale is held back until the earlier statuses of its execution are
 * acknowledged, so that they stand before it.
 *
 * <p>A finale fails with {@link FencedException} once another process has opened the transactions
 * of this node's id.
 */
public final class KafkaEventSink implements EventSink {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaEventSink.class);
    private final Context context;
    private final Topics topics;
    private final EventCodec codec;
    private final LastingProducer events;
    private final FinaleWriter finales;

    /** The last status on its way, by execution; for the context only. */
    private final Map<ExecutionId, Future<Void>> underway = new HashMap<>();

    /** Starts its threads; needs no broker yet. */
    public KafkaEventSink(Context context, KafkaSettings settings, EventCodec codec) {
        this.context = context;
        this.topics = settings.topics();
        this.codec = codec;
        this.events =
                new LastingProducer(
                        ClientProperties.lastingProducer(settings, "events"), "longshore-events");
        this.finales = new FinaleWriter(settings);
    }

    @Override
    public Future<Void> status(StatusEvent event, @Nullable String traceparent) {
        ExecutionId id = event.executionId();
        Future<Void> written = send(topics.status(), codec.status(event, traceparent));
        underway.put(id, written);
        return written.onComplete(done -> underway.remove(id, written));
    }

    /** A result that is larger than brokers take is shortened until it is not: never lost. */
    @Override
    public Future<Void> finish(Finale finale) {
        Future<Void> before =
                underway.getOrDefault(finale.status().executionId(), Future.succeededFuture());
        // A status that can never be written must not keep the end from being told.
        return before.transform(any -> finish(finale, ShorterResult.of(finale.result())));
    }

    private Future<Void> finish(Finale finale, Iterator<ExecutionResult> shorter) {
        return write(finale)
                .recover(
                        failure -> {
                            if (!TransactionFailure.isTooLarge(failure) || !shorter.hasNext()) {
                                return Future.failedFuture(failure);
                            }
                            LOG.warn(
                                    "the result of {} is larger than the brokers take, and is"
                                            + " shortened: {}",
                                    finale.result().executionId(),
                                    failure.getMessage());
                            Finale next =
                                    new Finale(
                                            finale.status(),
                                            shorter.next(),
                                            finale.logEnd(),
                                            finale.traceparent());
                            return finish(next, shorter);
                        });
    }

    private Future<Void> write(Finale finale) {
        List<ProducerRecord<byte[], byte[]>> records = Finales.records(topics, codec, finale);
        return Future.fromCompletionStage(finales.write(records), context);
    }

    @Override
    public Future<Void> node(NodeStatus status) {
        return send(topics.nodes(), codec.node(status));
    }

    @Override
    public Future<Void> opened() {
        return Future.fromCompletionStage(finales.opened(), context);
    }

    @Override
    public Future<Void> ended() {
        return Future.fromCompletionStage(finales.ended(), context);
    }

    /** Takes three seconds at most; what is not written by then fails. */
    @Override
    public Future<Void> close() {
        CompletionStage<Void> both =
                CompletableFuture.allOf(
                        finales.close().toCompletableFuture(),
                        events.close().toCompletableFuture());
        return Future.fromCompletionStage(both, context);
    }

    private Future<Void> send(String topic, Message message) {
        CompletionStage<LineSink.Written> written =
                events.send(() -> List.of(Records.record(topic, message)));
        return Future.fromCompletionStage(written, context).mapEmpty();
    }
}
