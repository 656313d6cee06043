package dev.longshore.kafka;

import dev.longshore.wire.DeadLetterJson;
import dev.longshore.wire.DeadLetters.Letter;
import dev.longshore.wire.Message;

import io.vertx.core.Context;
import io.vertx.core.Future;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The topic of dead letters, read backwards. From any thread; answers on the given context. A
 * consumer is opened for each question, on a thread that all questions share, and closed with the
 * answer: nobody asks often, and no page holds more than it shows.
 *
 * <p>What fails, fails with Kafka's exceptions; {@link TimeoutException} where the brokers do not
 * let it be read within ten seconds.
 */
public final class DeadLetterSource {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** So much of a value tells that it was longer than what is shown. */
    private static final int KEPT_BYTES = DeadLetterJson.SHOWN_BYTES + 1;

    private final Context context;
    private final KafkaSettings settings;

    /**
     * Some dead letters.
     *
     * @param letters newest first, of their values no more than is shown
     * @param before where the next page ends, by partition; null where there is nothing older
     */
    public record Page(List<Letter> letters, @Nullable Map<Integer, Long> before) {
        /** Copies both. */
        public Page {
            letters = List.copyOf(letters);
            before = before == null ? null : Map.copyOf(before);
        }
    }

    /** What may be read of one partition. */
    private record Range(TopicPartition partition, long from, long toExclusive) {}

    /** Prepares; talks to nobody yet. */
    public DeadLetterSource(Context context, KafkaSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /**
     * The newest dead letters.
     *
     * @param limit so many at most
     * @param before only what stands before these offsets, by partition, and nothing of others; an
     *     empty map for all
     */
    public Future<Page> page(int limit, Map<Integer, Long> before) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, was " + limit);
        }
        Map<Integer, Long> bounds = Map.copyOf(before);
        return BriefConsumer.with(
                context, "dead-letters", this::open, all -> page(all, limit, bounds));
    }

    /** The one at that place, whole; empty where it is not kept. */
    public Future<Optional<Letter>> at(int partition, long offset) {
        return BriefConsumer.with(
                context, "dead-letters", this::open, all -> at(all, partition, offset));
    }

    private Consumer<byte[], byte[]> open() {
        Map<String, Object> properties =
                new HashMap<>(ClientProperties.consumer(settings, "dead-letters"));
        // Letters may be large, and most of each is let go of at once.
        properties.put("max.poll.records", "50");
        properties.put("max.partition.fetch.bytes", String.valueOf(1 << 20));
        properties.put("fetch.max.bytes", String.valueOf(4 << 20));
        properties.put("allow.auto.create.topics", "false");
        return new KafkaConsumer<>(properties);
    }

    private Page page(Consumer<byte[], byte[]> consumer, int limit, Map<Integer, Long> before) {
        long deadline = System.nanoTime() + LONGEST_NANOS;
        Map<TopicPartition, Deque<Letter>> newest = new HashMap<>();
        Map<Integer, Long> next = new TreeMap<>();
        for (Range range : ranges(consumer, before)) {
            next.put(range.partition().partition(), range.toExclusive());
            // One more than wanted tells whether there is another page.
            newest.put(range.partition(), newest(consumer, range, limit + 1, deadline));
        }
        List<Letter> page = new ArrayList<>();
        while (page.size() < limit) {
            Deque<Letter> youngest = youngest(newest.values());
            if (youngest == null) {
                return new Page(page, null);
            }
            Letter letter = youngest.removeFirst();
            page.add(letter);
            next.put(letter.partition(), letter.offset());
        }
        return new Page(page, youngest(newest.values()) == null ? null : next);
    }

    /** That with the youngest letter at its head; by offset within a partition, by time between. */
    private static @Nullable Deque<Letter> youngest(Collection<Deque<Letter>> all) {
        Deque<Letter> youngest = null;
        for (Deque<Letter> one : all) {
            Letter head = one.peekFirst();
            if (head != null
                    && (youngest == null || head.time().isAfter(youngest.getFirst().time()))) {
                youngest = one;
            }
        }
        return youngest;
    }

    private List<Range> ranges(Consumer<byte[], byte[]> consumer, Map<Integer, Long> before) {
        List<TopicPartition> all =
                consumer.partitionsFor(settings.topics().deadLetters()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        List<Range> ranges = new ArrayList<>();
        for (TopicPartition one : all) {
            long end = ends.getOrDefault(one, 0L);
            long bound = before.isEmpty() ? end : before.getOrDefault(one.partition(), 0L);
            ranges.add(new Range(one, beginnings.getOrDefault(one, 0L), Math.min(end, bound)));
        }
        return ranges;
    }

    /** The last letters of a range, the newest first: piece by piece backwards until enough. */
    private static Deque<Letter> newest(
            Consumer<byte[], byte[]> consumer, Range range, int wanted, long deadline) {
        Deque<Letter> found = new ArrayDeque<>();
        long end = range.toExclusive();
        while (found.size() < wanted && end > range.from()) {
            long start = Math.max(range.from(), end - (wanted - found.size()));
            Deque<Letter> piece = new ArrayDeque<>();
            for (Letter letter :
                    read(consumer, new Range(range.partition(), start, end), deadline)) {
                piece.addFirst(letter);
            }
            found.addAll(piece);
            end = start;
        }
        return found;
    }

    private static List<Letter> read(
            Consumer<byte[], byte[]> consumer, Range range, long deadline) {
        List<Letter> found = new ArrayList<>();
        consumer.assign(List.of(range.partition()));
        consumer.seek(range.partition(), range.from());
        while (consumer.position(range.partition()) < range.toExclusive()) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("not read within 10 s: " + range.partition());
            }
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                if (read.offset() >= range.from() && read.offset() < range.toExclusive()) {
                    found.add(letter(read, shortened(Records.message(read))));
                }
            }
        }
        return found;
    }

    private Optional<Letter> at(Consumer<byte[], byte[]> consumer, int partition, long offset) {
        long deadline = System.nanoTime() + LONGEST_NANOS;
        Optional<Range> range =
                ranges(consumer, Map.of()).stream()
                        .filter(one -> one.partition().partition() == partition)
                        .filter(one -> offset >= one.from() && offset < one.toExclusive())
                        .findFirst();
        if (range.isEmpty()) {
            return Optional.empty();
        }
        TopicPartition place = range.get().partition();
        consumer.assign(List.of(place));
        consumer.seek(place, offset);
        while (consumer.position(place) <= offset) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("not read within 10 s: " + place);
            }
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                if (read.offset() == offset) {
                    return Optional.of(letter(read, Records.message(read)));
                }
            }
        }
        return Optional.empty();
    }

    private static Letter letter(ConsumerRecord<byte[], byte[]> read, Message message) {
        return new Letter(
                read.partition(), read.offset(), Instant.ofEpochMilli(read.timestamp()), message);
    }

    private static Message shortened(Message message) {
        return new Message(shortened(message.key()), shortened(message.value()), message.headers());
    }

    private static byte @Nullable [] shortened(byte @Nullable [] bytes) {
        return bytes == null || bytes.length <= KEPT_BYTES
                ? bytes
                : Arrays.copyOf(bytes, KEPT_BYTES);
    }
}
