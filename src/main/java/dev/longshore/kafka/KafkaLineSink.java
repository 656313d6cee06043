package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.wire.EventCodec;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Lines to the topic of logs: one hop per batch to the producer's thread, where they are encoded
 * and sent, and one hop back. Lines wait five milliseconds for company and go compressed.
 *
 * <p>While executions run, the topic must not be given more partitions: their lines would go on in
 * another one.
 */
public final class KafkaLineSink implements LineSink {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLineSink.class);
    private static final long RETRY_MILLIS = 500;

    private final Context context;
    private final Vertx vertx;
    private final String topic;
    private final EventCodec codec;
    private final LastingProducer lines;
    private final EndOffsets ends;
    private final Future<Integer> partitions;

    /** For the context only. */
    private boolean closed;

    /** Starts its threads; needs no broker yet. */
    public KafkaLineSink(Context context, KafkaSettings settings, EventCodec codec) {
        this.context = context;
        this.vertx = context.owner();
        this.topic = settings.topics().logs();
        this.codec = codec;
        this.lines =
                new LastingProducer(ClientProperties.lineProducer(settings), "longshore-lines");
        // Any end that was true at some time before the first line will do, committed or not.
        this.ends = new EndOffsets(settings, IsolationLevel.READ_UNCOMMITTED, "line-positions");
        this.partitions = Future.fromCompletionStage(lines.partitions(topic), context);
    }

    @Override
    public Future<LogPosition> position(ExecutionId executionId) {
        return partitions.compose(
                count -> end(new TopicPartition(topic, partitionOf(executionId, count))));
    }

    /**
     * The answers come in the order of the calls, always by the context's queue: an answer that is
     * there at once would overtake those that are on their way through it.
     */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise hears all that it would say
    public Future<Written> write(List<? extends LogRecord> batch) {
        List<LogRecord> records = List.copyOf(batch);
        Promise<Written> answer = Promise.promise();
        lines.send(() -> records.stream().map(this::encode).toList())
                .whenComplete(
                        (written, failure) ->
                                context.runOnContext(
                                        now -> {
                                            if (failure == null) {
                                                Counts.logged(records);
                                                answer.complete(written);
                                            } else {
                                                answer.fail(failure);
                                            }
                                        }));
        return answer.future();
    }

    /** Takes three seconds at most; what is not written by then fails. */
    @Override
    public Future<Void> close() {
        closed = true;
        return Future.fromCompletionStage(
                CompletableFuture.allOf(
                        lines.close().toCompletableFuture(), ends.close().toCompletableFuture()),
                context);
    }

    /** The partition that Kafka's own partitioner gives to a key. */
    static int partitionOf(ExecutionId executionId, int partitions) {
        byte[] key = executionId.value().getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }

    private Future<LogPosition> end(TopicPartition partition) {
        return Future.fromCompletionStage(ends.of(partition), context)
                .map(offset -> new LogPosition(topic, partition.partition(), offset))
                .recover(
                        failure -> {
                            if (closed) {
                                return Future.failedFuture(failure);
                            }
                            LOG.warn(
                                    "the end of {} is not known yet: {}",
                                    partition,
                                    failure.getMessage());
                            return vertx.timer(RETRY_MILLIS).compose(later -> end(partition));
                        });
    }

    private ProducerRecord<byte[], byte[]> encode(LogRecord logged) {
        // An engine's clock may be ahead, and a broker refuses a record from the future.
        Long timestamp =
                logged instanceof LogRecord.Line line
                        ? Math.min(line.time().toEpochMilli(), System.currentTimeMillis())
                        : null;
        return Records.record(topic, timestamp, codec.log(logged));
    }
}
