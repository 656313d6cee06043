package dev.longshore.kafka;

import io.vertx.core.Future;
import io.vertx.kafka.client.consumer.KafkaReadStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a {@link TopicReader} stands in each partition, and how far it has to come to have caught
 * up. Survives the consumer; on the reader's context only.
 */
final class TopicPlaces {
    private final TopicReader.Reading reading;
    private final Ends lastWritten;

    /** The next offset to read, of partitions that were read from. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /** Where each partition ended when somebody asked, as long as it was not reached. */
    private final Map<TopicPartition, Long> targets = new HashMap<>();

    private Set<TopicPartition> assigned = Set.of();
    private boolean begun;

    /**
     * Where partitions end, with what is in transactions that are still open. A consumer that sees
     * committed records only is told where the first of those begins; but behind that there may be
     * records which are committed, and of a process that has just died even the one in question.
     */
    interface Ends {
        Future<Map<TopicPartition, Long>> of(Set<TopicPartition> partitions);
    }

    TopicPlaces(TopicReader.Reading reading, Ends lastWritten) {
        this.reading = reading;
        this.lastWritten = lastWritten;
    }

    /** The next consumer has to be told everything anew. */
    void lostConsumer() {
        assigned = Set.of();
    }

    /** Whether all that was there when it was last asked for has been read. */
    boolean reachedTargets() {
        return targets.isEmpty();
    }

    /** All that is written by now is what has to be read. */
    Future<Void> aimAtNow() {
        return lastWritten
                .of(assigned)
                .onSuccess(
                        ends ->
                                ends.forEach(
                                        (partition, end) ->
                                                targets.merge(partition, end, Math::max)))
                .mapEmpty();
    }

    void handedOver(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            positions.put(
                    new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        }
    }

    /** By position and not by record: the last offsets may be markers that no reader sees. */
    Future<Void> lookForTargets(KafkaReadStream<byte[], byte[]> open) {
        List<Future<?>> answers = new ArrayList<>();
        targets.forEach(
                (partition, target) ->
                        answers.add(
                                open.position(partition)
                                        .onSuccess(position -> reached(partition, position))));
        return Future.all(answers).mapEmpty();
    }

    /**
     * Takes in every partition that there is now. Those of the first call begin where the reading
     * says, later ones at their beginning, known ones where they were.
     */
    Future<Void> assignAll(KafkaReadStream<byte[], byte[]> open) {
        List<Future<List<PartitionInfo>>> answers =
                reading.topics().stream().map(open::partitionsFor).toList();
        return Future.all(answers)
                .compose(all -> assign(open, answers.stream().map(Future::result).toList()));
    }

    private Future<Void> assign(
            KafkaReadStream<byte[], byte[]> open, List<List<PartitionInfo>> topics) {
        Set<TopicPartition> known = new HashSet<>();
        for (List<PartitionInfo> topic : topics) {
            topic.forEach(info -> known.add(new TopicPartition(info.topic(), info.partition())));
        }
        if (known.equals(assigned)) {
            return Future.succeededFuture();
        }
        Set<TopicPartition> fresh = new HashSet<>(known);
        fresh.removeAll(assigned);
        return open.assign(known)
                .compose(done -> position(open, fresh))
                .onSuccess(
                        done -> {
                            assigned = known;
                            begun = true;
                        });
    }

    private Future<Void> position(KafkaReadStream<byte[], byte[]> open, Set<TopicPartition> fresh) {
        List<Future<?>> seeks = new ArrayList<>();
        Set<TopicPartition> unread = new HashSet<>();
        for (TopicPartition partition : fresh) {
            Long position = positions.get(partition);
            if (position == null) {
                unread.add(partition);
            } else {
                seeks.add(open.seek(partition, position));
            }
        }
        Future<Void> sought = Future.all(seeks).mapEmpty();
        // The ends first: what is written while we look is behind them and so is not missed.
        return begun ? sought : sought.compose(done -> begin(open, unread));
    }

    private Future<Void> begin(KafkaReadStream<byte[], byte[]> open, Set<TopicPartition> unread) {
        return reading.from().equals(TopicReader.From.END)
                ? open.endOffsets(unread).compose(ends -> seek(open, ends))
                : lastWritten.of(unread).compose(ends -> begin(open, ends));
    }

    private Future<Void> begin(
            KafkaReadStream<byte[], byte[]> open, Map<TopicPartition, Long> ends) {
        long from = reading.from().timestampMillis();
        if (from == Long.MIN_VALUE) {
            return open.beginningOffsets(ends.keySet())
                    .onSuccess(beginnings -> aim(beginnings, ends))
                    .mapEmpty();
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        ends.keySet().forEach(partition -> times.put(partition, from));
        return open.offsetsForTimes(times)
                .compose(
                        found -> {
                            Map<TopicPartition, Long> starts = startsAt(found, ends);
                            aim(starts, ends);
                            return seek(open, starts);
                        });
    }

    private static Map<TopicPartition, Long> startsAt(
            Map<TopicPartition, OffsetAndTimestamp> found, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> starts = new HashMap<>(ends);
        found.forEach(
                (partition, at) -> {
                    // Null where nothing is as young as that.
                    if (at != null) {
                        starts.put(partition, at.offset());
                    }
                });
        return starts;
    }

    private void aim(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {
        ends.forEach(
                (partition, end) -> {
                    if (starts.getOrDefault(partition, 0L) < end) {
                        targets.put(partition, end);
                    }
                });
    }

    private Future<Void> seek(
            KafkaReadStream<byte[], byte[]> open, Map<TopicPartition, Long> offsets) {
        List<Future<?>> seeks = new ArrayList<>();
        offsets.forEach(
                (partition, offset) -> {
                    positions.put(partition, offset);
                    seeks.add(open.seek(partition, offset));
                });
        return Future.all(seeks).mapEmpty();
    }

    private void reached(TopicPartition partition, long position) {
        targets.computeIfPresent(partition, (same, target) -> position >= target ? null : target);
    }
}
