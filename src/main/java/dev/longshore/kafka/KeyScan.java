package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Reads the one partition of a topic where an execution's records stand, to its end. Blocks, for
 * five seconds over all its topics.
 */
final class KeyScan {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Consumer<byte[], byte[]> consumer;
    private final ExecutionId id;
    private final long began = System.nanoTime();
    private boolean whole = true;

    KeyScan(Consumer<byte[], byte[]> consumer, ExecutionId id) {
        this.consumer = consumer;
        this.id = id;
    }

    /**
     * Gives each record of the execution, in order.
     *
     * @param since nothing of it was written before; where the topic has nothing as young as that,
     *     clocks differ, and all of it is read
     * @return whether the end was reached in time
     */
    boolean each(
            String topic,
            Instant since,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> found) {
        int partitions = consumer.partitionsFor(topic).size();
        if (partitions == 0) {
            whole = false;
            return false;
        }
        TopicPartition place = new TopicPartition(topic, KafkaLineSink.partitionOf(id, partitions));
        long end =
                Objects.requireNonNull(consumer.endOffsets(List.of(place)).get(place), "its end");
        consumer.assign(List.of(place));
        seek(place, since);
        byte[] key = id.value().getBytes(StandardCharsets.UTF_8);
        while (consumer.position(place) < end) {
            if (System.nanoTime() - began > LONGEST_NANOS) {
                whole = false;
                return false;
            }
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                if (read.value() != null && Arrays.equals(read.key(), key)) {
                    found.accept(read);
                }
            }
        }
        return true;
    }

    /** Whether all that was asked for was read to its end. */
    boolean isWhole() {
        return whole;
    }

    private void seek(TopicPartition place, Instant since) {
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
}
