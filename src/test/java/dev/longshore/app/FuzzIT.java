package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobCommand;
import dev.longshore.testing.LogErrors;
import dev.longshore.testing.TestNode;
import dev.longshore.wire.CommandCodec;
import dev.longshore.wire.Decoded;
import dev.longshore.wire.Header;
import dev.longshore.wire.Message;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A node under a hundred thousand records of nonsense. Another seed: {@code -Dlongshore.fuzz.seed};
 * fewer records: {@code -Dlongshore.fuzz.records}.
 */
class FuzzIT {
    private static final int RECORDS = Integer.getInteger("longshore.fuzz.records", 100_000);
    private static final int FIRST = RECORDS / 10;
    private static final int GOOD_JOBS = 20;
    private static final int CONTROL_EVERY = 10;
    private static final long MOST_GROWTH_BYTES = 64L << 20;

    private final long seed = Long.getLong("longshore.fuzz.seed", System.nanoTime());
    private final FuzzMessages messages = new FuzzMessages(seed);
    private final CommandCodec codec = new CommandCodec();

    /** Which number stands where, all room taken before anything is measured. */
    private final Map<TopicPartition, int[]> numbers = new HashMap<>();

    /** Numbers of records that have to end as dead letters. */
    private final BitSet wanted = new BitSet(RECORDS);

    private final BitSet letters = new BitSet(RECORDS);
    private final Set<String> started = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();

    @Test
    @DisplayName("Nonsense ends as dead letters, jobs in between run, and nothing grows")
    void nonsense_hurts_nobody(TestReporter reporter) throws Exception {
        reporter.publishEntry("seed", String.valueOf(seed));
        try (LogErrors errors = LogErrors.capture();
                TestNode node =
                        new TestNode(Map.of("policy.images", "docker.io/library/busybox"))) {
            send(node, 0, FIRST);
            awaitLetters(node);
            long before = heapAfterCollection();
            assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
            send(node, FIRST, RECORDS);
            awaitLetters(node);
            long after = heapAfterCollection();

            reporter.publishEntry(
                    Map.of(
                            "letters", String.valueOf(letters.cardinality()),
                            "well-formed starts", String.valueOf(started.size()),
                            "heap before, bytes", String.valueOf(before),
                            "heap after, bytes", String.valueOf(after)));
            for (int i = 0; i < GOOD_JOBS; i++) {
                assertThat(node.result("good-" + i).path("state").asText()).isEqualTo("succeeded");
            }
            assertThat(wrong).as("seed %d", seed).isEmpty();
            assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(errors.lines()).as("seed %d", seed).isEmpty();
            assertThat(after - before).as("seed %d", seed).isLessThan(MOST_GROWTH_BYTES);
        }
    }

    private void send(TestNode node, int from, int to) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            if (i % (RECORDS / GOOD_JOBS) == 0) {
                node.submit("good-" + i / (RECORDS / GOOD_JOBS), GOOD);
            }
            sent.add(node.send(record(node, i)));
        }
        for (int i = from; i < to; i++) {
            RecordMetadata place = sent.get(i - from).get();
            TopicPartition partition = new TopicPartition(place.topic(), place.partition());
            numbers.computeIfAbsent(partition, first -> filled())[(int) place.offset()] = i;
            if (mustEndAsLetter(node, i, place)) {
                wanted.set(i);
            }
        }
    }

    private static final String GOOD = "{\"image\":\"busybox\",\"command\":[\"true\"]}";

    private static int[] filled() {
        int[] none = new int[RECORDS + GOOD_JOBS];
        Arrays.fill(none, -1);
        return none;
    }

    private ProducerRecord<byte[], byte[]> record(TestNode node, int number) {
        FuzzMessages.Fuzz fuzz = messages.make(number);
        String topic = number % CONTROL_EVERY == 0 ? node.topics().control() : node.topics().jobs();
        return new ProducerRecord<>(topic, null, fuzz.key(), fuzz.value(), fuzz.headers());
    }

    /**
     * Whether it is malformed, or a start that the policy refuses. One whose id was there before
     * may be the same start again, which is nothing; so is a control of what nobody knows.
     */
    private boolean mustEndAsLetter(TestNode node, int number, RecordMetadata place) {
        FuzzMessages.Fuzz fuzz = messages.make(number);
        List<Header> headers =
                Stream.of(fuzz.headers().toArray())
                        .map(each -> new Header(each.key(), each.value()))
                        .toList();
        Message message = new Message(fuzz.key(), fuzz.value(), headers);
        String origin = place.topic() + "-" + place.partition() + "-" + place.offset();
        Decoded decoded =
                place.topic().equals(node.topics().jobs())
                        ? codec.start(message, origin)
                        : codec.control(message);
        return switch (decoded) {
            case Decoded.Malformed malformed -> true;
            case Decoded.Command(JobCommand.Start start) ->
                    started.add(start.request().executionId().value());
            case Decoded.Command other -> false;
        };
    }

    private void awaitLetters(TestNode node) {
        BitSet missing = (BitSet) wanted.clone();
        missing.andNot(letters);
        if (missing.isEmpty()) {
            return;
        }
        node.readEach(
                node.topics().deadLetters(),
                letter -> {
                    int number = number(letter);
                    if (number < 0) {
                        wrong.add("a letter of a good job: " + TestNode.text(letter.key()));
                    } else if (!letters.get(number)) {
                        check(letter, number);
                        letters.set(number);
                        missing.clear(number);
                    }
                    return missing.isEmpty();
                });
    }

    private int number(ConsumerRecord<byte[], byte[]> letter) {
        TopicPartition origin =
                new TopicPartition(
                        String.valueOf(TestNode.header(letter, "__dlq.errors.topic")),
                        Integer.parseInt(header(letter, "__dlq.errors.partition")));
        int[] there = numbers.get(origin);
        return there == null ? -1 : there[Integer.parseInt(header(letter, "__dlq.errors.offset"))];
    }

    private void check(ConsumerRecord<byte[], byte[]> letter, int number) {
        FuzzMessages.Fuzz fuzz = messages.make(number);
        boolean same =
                Arrays.equals(letter.key(), fuzz.key())
                        && Arrays.equals(letter.value(), fuzz.value())
                        && !header(letter, "__dlq.errors.code").isEmpty();
        if (!same) {
            wrong.add("record " + number + " is not what its letter holds");
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return String.valueOf(TestNode.header(letter, name));
    }

    /** Used heap after full collections, the least of three since the node goes on meanwhile. */
    private static long heapAfterCollection() {
        return IntStream.range(0, 3)
                .mapToLong(
                        i -> {
                            System.gc();
                            return ManagementFactory.getMemoryMXBean()
                                    .getHeapMemoryUsage()
                                    .getUsed();
                        })
                .min()
                .orElseThrow();
    }
}
