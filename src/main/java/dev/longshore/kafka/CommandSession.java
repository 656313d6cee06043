package dev.longshore.kafka;

import dev.longshore.job.CrashPoint;
import dev.longshore.job.JobCommand;
import dev.longshore.job.Refusal;
import dev.longshore.wire.Decoded;
import dev.longshore.wire.Message;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * One consumer's life in the group: polls, hands out, commits. All of it on the thread of {@link
 * CommandLoop}, but for {@link #done}. Polls are short, so that a commit or a pause waits for a
 * twentieth of a second at most and nobody has to wake the consumer up.
 */
final class CommandSession implements ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(CommandSession.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration COMMIT_TIMEOUT = Duration.ofMillis(1_500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(1_500);
    private static final long COMMIT_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * A partition with more records than this in custody waits: memory stays bounded whatever the
     * backlog.
     */
    private static final int MAX_OUTSTANDING = 500;

    private final CommandLoop loop;
    private final KafkaSettings settings;
    private final CommandLoop.Parts parts;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, OffsetLedger> ledgers = new HashMap<>();
    private final Queue<Done> done = new ConcurrentLinkedQueue<>();
    private long lastCommitNanos = System.nanoTime();
    private boolean commitUnderway;

    /** A record that left custody; of a ledger that is no longer kept, it changes nothing. */
    private record Done(OffsetLedger ledger, long offset) {}

    CommandSession(
            CommandLoop loop,
            KafkaSettings settings,
            CommandLoop.Parts parts,
            Consumer<byte[], byte[]> consumer) {
        this.loop = loop;
        this.settings = settings;
        this.parts = parts;
        this.consumer = consumer;
    }

    /** Until the loop closes; throws what the consumer cannot go on after. */
    void run() {
        try {
            consumer.subscribe(
                    List.of(settings.topics().jobs(), settings.topics().control()), this);
            while (loop.isOpen()) {
                settle();
                commitNowAndThen();
                applyPauses();
                for (ConsumerRecord<byte[], byte[]> fetched : consumer.poll(POLL)) {
                    receive(fetched);
                }
            }
            settle();
            commitNow(ledgers.keySet());
        } finally {
            close();
        }
    }

    /** Any thread. */
    private void done(OffsetLedger ledger, long offset) {
        done.add(new Done(ledger, offset));
    }

    private void receive(ConsumerRecord<byte[], byte[]> fetched) {
        TopicPartition partition = new TopicPartition(fetched.topic(), fetched.partition());
        OffsetLedger ledger = ledgers.computeIfAbsent(partition, first -> new OffsetLedger());
        ledger.delivered(fetched.offset());
        Message message = Records.message(fetched);
        boolean isStart = fetched.topic().equals(settings.topics().jobs());
        Decoded decoded =
                isStart
                        ? parts.codec().start(message, Records.position(fetched).toString())
                        : parts.codec().control(message);
        switch (decoded) {
            case Decoded.Malformed malformed -> refuse(fetched, malformed.refusal(), ledger);
            case Decoded.Command command when isStart ->
                    handOut(fetched, command.command(), ledger);
            case Decoded.Command forEveryNode -> ledger.done(fetched.offset());
        }
    }

    private void handOut(
            ConsumerRecord<byte[], byte[]> fetched, JobCommand command, OffsetLedger ledger) {
        Custody custody =
                new Custody(
                        command,
                        fetched,
                        parts.deadLetters(),
                        () -> done(ledger, fetched.offset()),
                        false);
        parts.context().runOnContext(now -> loop.receiver().handle(custody));
    }

    private void refuse(
            ConsumerRecord<byte[], byte[]> fetched, Refusal refusal, OffsetLedger ledger) {
        parts.deadLetters()
                .put(fetched, refusal)
                .onSuccess(written -> done(ledger, fetched.offset()));
    }

    private void settle() {
        for (Done next = done.poll(); next != null; next = done.poll()) {
            next.ledger().done(next.offset());
        }
    }

    private void applyPauses() {
        Set<TopicPartition> toPause = new HashSet<>();
        Set<TopicPartition> toResume = new HashSet<>();
        Set<TopicPartition> now = consumer.paused();
        for (TopicPartition partition : consumer.assignment()) {
            OffsetLedger ledger = ledgers.get(partition);
            boolean full = ledger != null && ledger.outstanding() > MAX_OUTSTANDING;
            boolean byRequest =
                    loop.isPaused() && partition.topic().equals(settings.topics().jobs());
            boolean wanted = full || byRequest;
            if (wanted != now.contains(partition)) {
                (wanted ? toPause : toResume).add(partition);
            }
        }
        consumer.pause(toPause);
        consumer.resume(toResume);
    }

    private void commitNowAndThen() {
        if (commitUnderway || System.nanoTime() - lastCommitNanos < COMMIT_INTERVAL_NANOS) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = committable(ledgers.keySet());
        if (offsets.isEmpty()) {
            return;
        }
        lastCommitNanos = System.nanoTime();
        commitUnderway = true;
        consumer.commitAsync(
                offsets,
                (committed, failure) -> {
                    commitUnderway = false;
                    if (failure == null) {
                        confirm(committed);
                    } else {
                        LOG.debug("commit failed, the next one carries it", failure);
                    }
                });
    }

    private void commitNow(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = committable(partitions);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets, COMMIT_TIMEOUT);
            confirm(offsets);
        } catch (KafkaException failure) {
            LOG.warn(
                    "not committed, so that these commands will be delivered again: {}",
                    offsets,
                    failure);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committable(
            Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetLedger ledger = ledgers.get(partition);
            if (ledger != null && ledger.hasCommittable()) {
                offsets.put(partition, new OffsetAndMetadata(ledger.committable()));
            }
        }
        return offsets;
    }

    private void confirm(Map<TopicPartition, OffsetAndMetadata> offsets) {
        CrashPoint.AFTER_COMMIT.passed();
        offsets.forEach(
                (partition, offset) -> {
                    OffsetLedger ledger = ledgers.get(partition);
                    if (ledger != null) {
                        ledger.committed(offset.offset());
                    }
                });
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        LOG.info("assigned {}", partitions);
        // Inside the poll: a paused source must not get the first records of a new partition.
        applyPauses();
        loop.joined();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        LOG.info("revoked {}", partitions);
        settle();
        commitNow(partitions);
        ledgers.keySet().removeAll(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        LOG.warn("lost {}: another node may be at these commands already", partitions);
        ledgers.keySet().removeAll(partitions);
    }

    private void close() {
        try {
            // Leaving lets the others go on at once; a process that is killed keeps its place for
            // the session timeout.
            consumer.close(
                    CloseOptions.timeout(CLOSE_TIMEOUT)
                            .withGroupMembershipOperation(
                                    CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        } catch (KafkaException failure) {
            LOG.debug("closing the consumer of commands", failure);
        }
    }
}
