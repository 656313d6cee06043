package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One pass of a {@link LineSurvey} over the topic of logs; on one thread, once. Looks at keys and
 * two headers only: values are not even copied.
 */
final class LinePass {
    private static final Logger LOG = LoggerFactory.getLogger(LinePass.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int MOST_DIGITS = 18;
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final List<LineSurvey.Ask> asks;
    private final Map<ByteBuffer, Count> counts = new HashMap<>();
    private long offsetsInAll;
    private long offsetsLeft = Long.MAX_VALUE;
    private long progressNanos;
    private long toldNanos;

    LinePass(List<LineSurvey.Ask> asks) {
        this.asks = asks;
        asks.forEach(ask -> counts.put(key(ask.executionId()), new Count(ask.attempt())));
    }

    /** Leaves the bytes of a line where they are. */
    static final class NoValue implements Deserializer<Void> {
        @Override
        public @Nullable Void deserialize(String topic, byte[] data) {
            return null;
        }

        @Override
        public @Nullable Void deserialize(String topic, Headers headers, ByteBuffer data) {
            return null;
        }
    }

    private static final class Count {
        private final byte[] attempt;
        private long lines;
        private long firstOffset = -1;
        private long lastOffset = -1;

        Count(int attempt) {
            this.attempt = Integer.toString(attempt).getBytes(StandardCharsets.UTF_8);
        }

        void saw(long seq, long offset) {
            if (seq >= 0) {
                lines = Math.max(lines, seq + 1);
                firstOffset = firstOffset < 0 ? offset : firstOffset;
                lastOffset = offset;
            }
        }
    }

    Map<ExecutionId, LineSurvey.Found> over(Consumer<ByteBuffer, Void> consumer) {
        progressNanos = System.nanoTime();
        toldNanos = progressNanos;
        Map<TopicPartition, Long> left = begin(consumer);
        while (!left.isEmpty()) {
            for (ConsumerRecord<ByteBuffer, Void> read : consumer.poll(POLL)) {
                look(read);
            }
            moveOn(consumer, left);
        }
        Map<ExecutionId, LineSurvey.Found> found = new HashMap<>();
        asks.forEach(ask -> found.put(ask.executionId(), found(ask)));
        return found;
    }

    private LineSurvey.Found found(LineSurvey.Ask ask) {
        Count count = counts.get(key(ask.executionId()));
        return count == null
                ? LineSurvey.Found.NONE
                : new LineSurvey.Found(count.lines, count.firstOffset, count.lastOffset);
    }

    private static ByteBuffer key(ExecutionId id) {
        return ByteBuffer.wrap(id.value().getBytes(StandardCharsets.UTF_8));
    }

    /** Assigns and seeks; returns where each partition that has anything to read ends. */
    private Map<TopicPartition, Long> begin(Consumer<ByteBuffer, Void> consumer) {
        Map<TopicPartition, Long> starts = starts(consumer);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(starts.keySet());
        Map<TopicPartition, Long> left = new HashMap<>();
        consumer.endOffsets(starts.keySet())
                .forEach(
                        (partition, end) -> {
                            long from = from(partition, starts, beginnings, end);
                            starts.put(partition, from);
                            if (from < end) {
                                left.put(partition, end);
                                offsetsInAll += end - from;
                            }
                        });
        consumer.assign(left.keySet());
        left.keySet()
                .forEach(partition -> consumer.seek(partition, starts.getOrDefault(partition, 0L)));
        return left;
    }

    /**
     * What retention took meanwhile is not waited for. A log that starts behind the end started in
     * another topic of that name: what was written of it since then is anywhere in the new one.
     */
    private static long from(
            TopicPartition partition,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> beginnings,
            long end) {
        long wanted = starts.getOrDefault(partition, end);
        long beginning = beginnings.getOrDefault(partition, end);
        return wanted > end ? beginning : Math.max(wanted, beginning);
    }

    /** The earliest start of each partition that there is. */
    private Map<TopicPartition, Long> starts(Consumer<ByteBuffer, Void> consumer) {
        Set<TopicPartition> known = new HashSet<>();
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (LineSurvey.Ask ask : asks) {
            TopicPartition partition =
                    new TopicPartition(ask.from().topic(), ask.from().partition());
            if (known.stream().noneMatch(one -> one.topic().equals(partition.topic()))) {
                for (PartitionInfo info : consumer.partitionsFor(partition.topic())) {
                    known.add(new TopicPartition(info.topic(), info.partition()));
                }
            }
            if (known.contains(partition)) {
                starts.merge(partition, ask.from().offset(), Math::min);
            }
        }
        return starts;
    }

    private void look(ConsumerRecord<ByteBuffer, Void> read) {
        Count count = read.key() == null ? null : counts.get(read.key());
        if (count == null) {
            return;
        }
        Header seq = read.headers().lastHeader("seq");
        Header attempt = read.headers().lastHeader("attempt");
        // Gaps and ends have no seq.
        if (seq != null && attempt != null && Arrays.equals(attempt.value(), count.attempt)) {
            count.saw(number(seq.value()), read.offset());
        }
    }

    /** -1 where it is none: what others may write here is no line of ours. */
    private static long number(byte @Nullable [] digits) {
        if (digits == null || digits.length == 0 || digits.length > MOST_DIGITS) {
            return -1;
        }
        long number = 0;
        for (byte digit : digits) {
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = number * 10 + (digit - '0');
        }
        return number;
    }

    private void moveOn(Consumer<ByteBuffer, Void> consumer, Map<TopicPartition, Long> left) {
        long now = System.nanoTime();
        long still = 0;
        for (Map.Entry<TopicPartition, Long> one : Map.copyOf(left).entrySet()) {
            long missing = one.getValue() - consumer.position(one.getKey());
            if (missing <= 0) {
                left.remove(one.getKey());
                consumer.pause(List.of(one.getKey()));
            } else {
                still += missing;
            }
        }
        if (still < offsetsLeft) {
            offsetsLeft = still;
            progressNanos = now;
        } else if (now - progressNanos > STALLED_NANOS) {
            throw new TimeoutException("no line came for 20 s from " + left.keySet());
        }
        if (now - toldNanos > TELL_NANOS) {
            toldNanos = now;
            LOG.info("looking for lines that are written: {} of {} left", still, offsetsInAll);
        }
    }
}
