package dev.longshore.kafka;

import dev.longshore.job.NodeStatus;
import dev.longshore.wire.EventCodec;
import dev.longshore.wire.WireException;

import io.vertx.core.Context;
import io.vertx.core.Future;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether another process is at work as this node, asked before anything is done that would end
 * that one: the broker takes the transactions of whoever came first away from it. From any thread;
 * answers on the given context.
 *
 * <p>It looks at what the node said lately. Two that start in the same seconds do not see each
 * other; then the broker decides, as ever.
 */
public final class NodeIdCheck {
    private static final Logger LOG = LoggerFactory.getLogger(NodeIdCheck.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LONGEST_READ = Duration.ofSeconds(20);

    private final Context context;
    private final KafkaSettings settings;
    private final EventCodec codec;
    private final Patience patience;

    /**
     * How long it takes to be sure.
     *
     * @param fresh who spoke within this time may be alive; more than a few periods of the
     *     heartbeat, as clocks differ
     * @param silence who says nothing for this long is not; longer than one period
     */
    record Patience(Duration fresh, Duration silence) {
        static final Patience DEFAULT =
                new Patience(Duration.ofSeconds(60), Duration.ofSeconds(12));
    }

    /** Prepares; talks to nobody yet. */
    public NodeIdCheck(Context context, KafkaSettings settings, EventCodec codec) {
        this(context, settings, codec, Patience.DEFAULT);
    }

    NodeIdCheck(Context context, KafkaSettings settings, EventCodec codec, Patience patience) {
        this.context = context;
        this.settings = settings;
        this.codec = codec;
        this.patience = patience;
    }

    /**
     * Succeeds where no other process is at work as this node: at once where none spoke within the
     * last minute but to say goodbye, after twelve seconds where one did and has fallen silent. To
     * be asked before this process itself says anything as this node.
     *
     * @param former the instance that is known to be dead, so that its last words count for
     *     nothing; null where none is
     * @return fails with {@link NodeIdTakenException} where one is, and otherwise where the brokers
     *     do not answer
     */
    public Future<Void> free(@Nullable String former) {
        return BriefConsumer.with(
                context,
                "node-id",
                this::open,
                consumer -> {
                    look(consumer, former);
                    return null;
                });
    }

    private Consumer<byte[], byte[]> open() {
        return new KafkaConsumer<>(new HashMap<>(ClientProperties.consumer(settings, "node-id")));
    }

    private void look(Consumer<byte[], byte[]> consumer, @Nullable String former) {
        Map<TopicPartition, Long> ends = seek(consumer);
        Voices voices = new Voices(former);
        long began = System.nanoTime();
        while (!reached(consumer, ends)) {
            if (System.nanoTime() - began > LONGEST_READ.toNanos()) {
                throw new TimeoutException("what nodes said lately was not read within 20 s");
            }
            consumer.poll(POLL).forEach(voices::heard);
        }
        if (voices.anyAlive() == null) {
            return;
        }
        LOG.info(
                "another process spoke as node {} less than {} s ago: listening for {} s whether it"
                        + " is alive",
                settings.nodeId(),
                patience.fresh().toSeconds(),
                patience.silence().toSeconds());
        listen(consumer, voices);
    }

    private void listen(Consumer<byte[], byte[]> consumer, Voices voices) {
        long began = System.nanoTime();
        while (voices.anyAlive() != null
                && System.nanoTime() - began < patience.silence().toNanos()) {
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                NodeStatus alive = voices.heard(read);
                if (alive != null) {
                    throw new NodeIdTakenException(alive);
                }
            }
        }
    }

    /** To what was said within the time that counts; returns where it ends now. */
    private Map<TopicPartition, Long> seek(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> partitions = new HashSet<>();
        consumer.partitionsFor(settings.topics().nodes())
                .forEach(
                        info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long since = System.currentTimeMillis() - patience.fresh().toMillis();
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, since));
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
        consumer.assign(partitions);
        ends.forEach(
                (partition, end) -> {
                    // Null where nothing is as young as that.
                    OffsetAndTimestamp start = starts.get(partition);
                    consumer.seek(partition, start == null ? end : start.offset());
                });
        return ends;
    }

    private static boolean reached(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** What each process said last as this node; on one thread. */
    private final class Voices {
        private final byte[] key = settings.nodeId().value().getBytes(StandardCharsets.UTF_8);
        private final @Nullable String former;

        /** By instance; of older versions, which do not tell theirs, by the empty text. */
        private final Map<String, NodeStatus> last = new HashMap<>();

        Voices(@Nullable String former) {
            this.former = former;
        }

        /** Takes it in; returns it where it is a sign of life, otherwise null. */
        @Nullable NodeStatus heard(ConsumerRecord<byte[], byte[]> read) {
            if (read.value() == null || !Arrays.equals(read.key(), key)) {
                return null;
            }
            try {
                NodeStatus said = codec.readNode(Records.message(read));
                String instance = said.instance() == null ? "" : said.instance();
                last.put(instance, said);
                return isAlive(instance, said) ? said : null;
            } catch (WireException notOurs) {
                LOG.debug("{} at {} is no node event", read.topic(), read.offset(), notOurs);
                return null;
            }
        }

        @Nullable NodeStatus anyAlive() {
            for (Map.Entry<String, NodeStatus> one : last.entrySet()) {
                if (isAlive(one.getKey(), one.getValue())) {
                    return one.getValue();
                }
            }
            return null;
        }

        private boolean isAlive(String instance, NodeStatus said) {
            return said.state() != NodeStatus.State.STOPPED && !instance.equals(former);
        }
    }
}
