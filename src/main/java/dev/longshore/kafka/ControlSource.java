package dev.longshore.kafka;

import dev.longshore.wire.CommandCodec;
import dev.longshore.wire.Decoded;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * Every control command, for every node: all of the topic {@code control}, from one hour back, so
 * that what was asked while this node was down is heard. Deliveries come on the given context;
 * {@link Delivery#done()} changes nothing, as there is no place to keep. What is malformed is
 * passed over here: {@link CommandSource} refuses it, on one node only.
 */
public final class ControlSource {
    private static final Duration LOOK_BACK = Duration.ofHours(1);

    private final Context context;
    private final KafkaSettings settings;
    private final CommandCodec codec;
    private final DeadLetterSink deadLetters;
    private @Nullable TopicReader reader;

    /** Prepares; talks to nobody yet. */
    public ControlSource(Context context, KafkaSettings settings, CommandCodec codec) {
        this.context = context;
        this.settings = settings;
        this.codec = codec;
        this.deadLetters = new DeadLetterSink(context, settings);
    }

    /**
     * Begins to deliver; succeeds once the starting point is known, waiting for brokers that are
     * away.
     */
    public Future<Void> start(Handler<Delivery> handler) {
        long startedAt = System.currentTimeMillis();
        TopicReader.Reading reading =
                new TopicReader.Reading(
                        "control",
                        List.of(settings.topics().control()),
                        new TopicReader.From(startedAt - LOOK_BACK.toMillis()),
                        batch -> deliver(batch, startedAt, handler));
        TopicReader started = new TopicReader(context, settings, reading);
        reader = started;
        return started.start();
    }

    /**
     * Succeeds once every command that was there at the start has been delivered. After {@link
     * #start}.
     */
    public Future<Void> caughtUp() {
        TopicReader started = reader;
        return started == null ? Future.failedFuture("not started") : started.caughtUp();
    }

    /** Stops reading; within five seconds, even with the broker gone. */
    public Future<Void> close() {
        TopicReader started = reader;
        Future<Void> stopped = started == null ? Future.succeededFuture() : started.close();
        return stopped.eventually(deadLetters::close);
    }

    private void deliver(
            ConsumerRecords<byte[], byte[]> batch, long startedAt, Handler<Delivery> handler) {
        for (ConsumerRecord<byte[], byte[]> read : batch) {
            if (codec.control(Records.message(read)) instanceof Decoded.Command command) {
                boolean replayed = read.timestamp() < startedAt;
                Custody delivery =
                        new Custody(command.command(), read, deadLetters, () -> {}, replayed);
                // One task each: what a handler throws is the context's, and the next command is
                // not its concern.
                context.runOnContext(now -> handler.handle(delivery));
            }
        }
    }
}
