package dev.longshore.kafka;

import dev.longshore.job.ExecutionResult;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;
import dev.longshore.wire.EventCodec;
import dev.longshore.wire.Message;
import dev.longshore.wire.WireException;

import io.vertx.core.Context;
import io.vertx.core.Future;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/**
 * Every event, from the beginning: status, results and nodes, committed ones only. The events of
 * one execution come in their order within each topic; status and result of it may come in either
 * order. All on the given context.
 */
public final class EventSource {
    private static final Logger LOG = LoggerFactory.getLogger(EventSource.class);

    private final Context context;
    private final KafkaSettings settings;
    private final EventCodec codec;
    private @Nullable TopicReader reader;

    /** Hears of events, on the context of the source. */
    public interface Listener {
        /** A step of an execution. */
        void status(StatusEvent event);

        /** The end of an execution. */
        void result(ExecutionResult result);

        /** What a node says about itself. */
        void node(NodeStatus status);
    }

    /** Prepares; talks to nobody yet. */
    public EventSource(Context context, KafkaSettings settings, EventCodec codec) {
        this.context = context;
        this.settings = settings;
        this.codec = codec;
    }

    /**
     * Begins to read; succeeds once the ends to catch up with are known, waiting for brokers that
     * are away.
     */
    public Future<Void> start(Listener listener) {
        Topics topics = settings.topics();
        TopicReader started =
                new TopicReader(
                        context,
                        settings,
                        new TopicReader.Reading(
                                "events",
                                List.of(topics.status(), topics.results(), topics.nodes()),
                                TopicReader.From.BEGINNING,
                                batch -> deliver(batch, listener)));
        reader = started;
        return started.start();
    }

    /**
     * Succeeds once all that was there at the start has been told: also what stands behind, or in,
     * a transaction that was open then. One that a dead process left is ended by the {@link
     * EventSink} that this node opens, those of other nodes within twenty seconds. After {@link
     * #start}.
     */
    public Future<Void> caughtUp() {
        TopicReader started = reader;
        return started == null ? Future.failedFuture("not started") : started.caughtUp();
    }

    /**
     * Succeeds once all that is written by now has been told, with what is in a transaction that is
     * open now. After {@link #start}.
     *
     * @return fails where the brokers do not say within ten seconds where the topics end
     */
    public Future<Void> upToNow() {
        TopicReader started = reader;
        return started == null ? Future.failedFuture("not started") : started.upToNow();
    }

    /** Stops reading; within five seconds, even with the broker gone. */
    public Future<Void> close() {
        TopicReader started = reader;
        return started == null ? Future.succeededFuture() : started.close();
    }

    private void deliver(ConsumerRecords<byte[], byte[]> batch, Listener listener) {
        for (ConsumerRecord<byte[], byte[]> read : batch) {
            if (read.value() == null) {
                continue; // a tombstone: somebody cleaned up by hand
            }
            try {
                deliver(read, listener);
            } catch (WireException notOurs) {
                LOG.warn(
                        "{}-{} at {} is no event: {}",
                        read.topic(),
                        read.partition(),
                        read.offset(),
                        notOurs.getMessage());
            } catch (RuntimeException failure) {
                LOG.error(
                        "{}-{} at {} was not taken in",
                        read.topic(),
                        read.partition(),
                        read.offset(),
                        failure);
            }
        }
    }

    private void deliver(ConsumerRecord<byte[], byte[]> read, Listener listener) {
        Message message = Records.message(read);
        if (read.topic().equals(settings.topics().status())) {
            listener.status(codec.readStatus(message));
        } else if (read.topic().equals(settings.topics().results())) {
            listener.result(codec.readResult(message));
        } else {
            listener.node(codec.readNode(message));
        }
    }
}
