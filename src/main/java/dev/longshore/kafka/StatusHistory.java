package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.StatusEvent;
import dev.longshore.wire.EventCodec;
import dev.longshore.wire.WireException;

import io.vertx.core.Context;
import io.vertx.core.Future;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Every status event of one execution that its topic still has. From any thread; answers on the
 * given context. A consumer is opened for each question, on a thread that all questions share. What
 * fails, fails with Kafka's exceptions.
 */
public final class StatusHistory {
    private static final Logger LOG = LoggerFactory.getLogger(StatusHistory.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int MOST = 1_000;

    private final Context context;
    private final KafkaSettings settings;
    private final EventCodec codec;

    /**
     * What was read.
     *
     * @param events as they were written, with re-deliveries; of more than a thousand the first and
     *     the newest
     * @param cut whether there are more, which were too many or not read within five seconds
     */
    public record Read(List<StatusEvent> events, boolean cut) {
        /** Copies the list. */
        public Read {
            events = List.copyOf(events);
        }
    }

    /** Prepares; talks to nobody yet. */
    public StatusHistory(Context context, KafkaSettings settings, EventCodec codec) {
        this.context = context;
        this.settings = settings;
        this.codec = codec;
    }

    /**
     * Reads the partition of this execution to its end.
     *
     * @param since nothing of it was written before; where the topic has nothing as young as that,
     *     clocks differ, and all of it is read
     */
    public Future<Read> of(ExecutionId id, Instant since) {
        return BriefConsumer.with(
                context, "status-history", this::open, consumer -> read(consumer, id, since));
    }

    private Consumer<byte[], byte[]> open() {
        Map<String, Object> properties =
                new HashMap<>(ClientProperties.consumer(settings, "status-history"));
        properties.put("allow.auto.create.topics", "false");
        return new KafkaConsumer<>(properties);
    }

    private Read read(Consumer<byte[], byte[]> consumer, ExecutionId id, Instant since) {
        long began = System.nanoTime();
        String topic = settings.topics().status();
        int partitions = consumer.partitionsFor(topic).size();
        if (partitions == 0) {
            return new Read(List.of(), true);
        }
        TopicPartition place = new TopicPartition(topic, KafkaLineSink.partitionOf(id, partitions));
        long end =
                Objects.requireNonNull(consumer.endOffsets(List.of(place)).get(place), "its end");
        consumer.assign(List.of(place));
        seek(consumer, place, since);
        byte[] key = id.value().getBytes(StandardCharsets.UTF_8);
        List<StatusEvent> events = new ArrayList<>();
        boolean cut = false;
        while (consumer.position(place) < end) {
            if (System.nanoTime() - began > LONGEST_NANOS) {
                return new Read(events, true);
            }
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                if (read.value() != null && Arrays.equals(read.key(), key)) {
                    add(read, events);
                }
                if (events.size() > MOST) {
                    events.remove(1);
                    cut = true;
                }
            }
        }
        return new Read(events, cut);
    }

    private static void seek(
            Consumer<byte[], byte[]> consumer, TopicPartition place, Instant since) {
        OffsetAndTimestamp first =
                consumer.offsetsForTimes(Map.of(place, Math.max(0, since.toEpochMilli())))
                        .get(place);
        // Null where nothing is as young as that.
        if (first == null) {
            consumer.seekToBeginning(List.of(place));
        } else {
            consumer.seek(place, first.offset());
        }
    }

    private void add(ConsumerRecord<byte[], byte[]> read, List<StatusEvent> events) {
        try {
            events.add(codec.readStatus(Records.message(read)));
        } catch (WireException notOurs) {
            LOG.debug(
                    "{}-{} at {} is no status: {}",
                    read.topic(),
                    read.partition(),
                    read.offset(),
                    notOurs.getMessage());
        }
    }
}
