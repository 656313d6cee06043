package dev.longshore.kafka;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionId;
import dev.longshore.wire.Header;
import dev.longshore.wire.Message;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.kafka.client.producer.KafkaWriteStream;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Commands to their topics, for those who wait for the answer: what is not written within some ten
 * seconds fails. Called from any thread; answers on the given context. By Vert.x's producer, which
 * is all that this needs.
 */
public final class CommandSink {
    private static final Logger LOG = LoggerFactory.getLogger(CommandSink.class);
    private static final long CLOSE_MILLIS = 1_000;

    private final Context context;
    private final Topics topics;
    private final Future<KafkaWriteStream<byte[], byte[]>> producer;

    /** Opens its producer; needs no broker yet. */
    public CommandSink(Context context, KafkaSettings settings) {
        this.context = context;
        this.topics = settings.topics();
        Map<String, Object> properties =
                Map.copyOf(ClientProperties.promptProducer(settings, "submit"));
        this.producer =
                context.owner()
                        .executeBlocking(() -> new KafkaProducer<byte[], byte[]>(properties), false)
                        .map(
                                opened -> {
                                    KafkaWriteStream<byte[], byte[]> stream =
                                            KafkaWriteStream.create(context.owner(), opened);
                                    // A failed send fails its future, which is where it is handled.
                                    stream.exceptionHandler(
                                            failure -> LOG.debug("command producer", failure));
                                    return stream;
                                });
    }

    /** Asks for a start; succeeds when every in-sync replica has the command. */
    public Future<Void> start(ExecutionId key, byte[] json, List<Header> headers) {
        return send(topics.jobs(), key.value(), json, headers);
    }

    /**
     * Sends any other command.
     *
     * @param key the execution id, or the node id of a command to a node
     */
    public Future<Void> control(String key, byte[] json, List<Header> headers) {
        return send(topics.control(), key, json, headers);
    }

    /**
     * Writes a record once more, as it is, to the topic of start commands or that of the others.
     *
     * @return where it stands now
     * @throws IllegalArgumentException where it is another topic
     */
    public Future<CommandPosition> again(String topic, Message message) {
        if (!takes(topic)) {
            throw new IllegalArgumentException("no topic of commands: " + topic);
        }
        return written(topic, message)
                .map(place -> new CommandPosition(topic, place.partition(), place.offset()));
    }

    /** Whether commands are read from this topic. */
    public boolean takes(String topic) {
        return topic.equals(topics.jobs()) || topic.equals(topics.control());
    }

    /** Lets go, within two seconds. */
    public Future<Void> close() {
        Future<Void> closed =
                producer.compose(stream -> stream.close(CLOSE_MILLIS))
                        .timeout(2 * CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                        .recover(
                                failure -> {
                                    LOG.debug("closing the command producer", failure);
                                    return Future.succeededFuture();
                                });
        return Future.fromCompletionStage(closed.toCompletionStage(), context);
    }

    private Future<Void> send(String topic, String key, byte[] json, List<Header> headers) {
        Message message = new Message(key.getBytes(StandardCharsets.UTF_8), json, headers);
        return written(topic, message).mapEmpty();
    }

    private Future<RecordMetadata> written(String topic, Message message) {
        Future<RecordMetadata> sent =
                producer.compose(stream -> stream.send(Records.record(topic, message)));
        return Future.fromCompletionStage(sent.toCompletionStage(), context);
    }
}
