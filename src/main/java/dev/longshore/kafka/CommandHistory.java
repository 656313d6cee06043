package dev.longshore.kafka;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobCommand;
import dev.longshore.wire.CommandCodec;
import dev.longshore.wire.Decoded;

import io.vertx.core.Context;
import io.vertx.core.Future;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Start commands that this node took before, read once more: what a node needs after a restart to
 * go on with containers that it finds. From any thread; answers on the given context. Nothing is
 * kept open between calls.
 */
public final class CommandHistory {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

    /** A command that is further on than this is sought, nearer ones are read up to. */
    private static final int NEAR = 500;

    private final Context context;
    private final KafkaSettings settings;
    private final CommandCodec codec;
    private final String role;

    /** Prepares; talks to nobody yet. */
    public CommandHistory(Context context, KafkaSettings settings, CommandCodec codec) {
        this(context, settings, codec, "command-history");
    }

    /**
     * One for others, who do not wait for each other.
     *
     * @param role a word for its thread and its clients
     */
    public CommandHistory(
            Context context, KafkaSettings settings, CommandCodec codec, String role) {
        this.context = context;
        this.settings = settings;
        this.codec = codec;
        this.role = role;
    }

    /**
     * The start commands that stand at these positions. One that is gone, with its topic or by
     * retention, or that is no start command, is absent from the answer. A topic that was made anew
     * may hold another command at the same position: the caller compares the ids.
     *
     * @return fails with Kafka's {@link TimeoutException} where brokers do not let it all be read
     *     within twenty seconds: absent means gone, never slow
     */
    public Future<Map<CommandPosition, ExecutionRequest>> starts(
            Collection<CommandPosition> positions) {
        Set<CommandPosition> wanted =
                positions.stream()
                        .filter(position -> position.topic().equals(settings.topics().jobs()))
                        .collect(Collectors.toSet());
        if (wanted.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return BriefConsumer.with(context, role, this::open, consumer -> read(consumer, wanted));
    }

    /**
     * What the group has committed of the topic of jobs, by partition: the offset of the first
     * command that is still in custody. A partition of which nothing is committed is absent.
     *
     * @return fails where the brokers do not answer within ten seconds
     */
    public Future<Map<Integer, Long>> committed() {
        CompletableFuture<Admin> admin =
                CompletableFuture.supplyAsync(
                        () -> Admin.create(ClientProperties.admin(settings, "committed")),
                        Thread::startVirtualThread);
        CompletableFuture<Map<Integer, Long>> answer =
                admin.thenCompose(
                                open ->
                                        open.listConsumerGroupOffsets(settings.group())
                                                .partitionsToOffsetAndMetadata()
                                                .toCompletionStage())
                        .thenApply(this::ofJobs)
                        .whenCompleteAsync(
                                (offsets, failure) ->
                                        admin.thenAccept(open -> open.close(CLOSE_TIMEOUT)),
                                Thread::startVirtualThread);
        return Future.fromCompletionStage(answer, context);
    }

    private Map<Integer, Long> ofJobs(Map<TopicPartition, OffsetAndMetadata> all) {
        Map<Integer, Long> offsets = new HashMap<>();
        all.forEach(
                (partition, committed) -> {
                    // Null where the group was asked about a partition it knows nothing of.
                    if (committed != null && partition.topic().equals(settings.topics().jobs())) {
                        offsets.put(partition.partition(), committed.offset());
                    }
                });
        return offsets;
    }

    private Consumer<byte[], byte[]> open() {
        Map<String, Object> properties = new HashMap<>(ClientProperties.consumer(settings, role));
        return new KafkaConsumer<>(properties);
    }

    private Map<CommandPosition, ExecutionRequest> read(
            Consumer<byte[], byte[]> consumer, Set<CommandPosition> wanted) {
        long began = System.nanoTime();
        Map<TopicPartition, NavigableSet<Long>> missing = stillThere(consumer, wanted);
        consumer.assign(missing.keySet());
        missing.forEach((partition, offsets) -> consumer.seek(partition, offsets.first()));
        Map<CommandPosition, ExecutionRequest> found = new HashMap<>();
        while (!missing.isEmpty()) {
            if (System.nanoTime() - began > LONGEST_NANOS) {
                throw new TimeoutException("not read within 20 s: commands of " + missing.keySet());
            }
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                if (wanted.contains(Records.position(read))) {
                    take(read, found);
                }
            }
            moveOn(consumer, missing);
        }
        return found;
    }

    /** Of each partition what lies between its two ends: beyond them a consumer would go astray. */
    private Map<TopicPartition, NavigableSet<Long>> stillThere(
            Consumer<byte[], byte[]> consumer, Set<CommandPosition> wanted) {
        Set<TopicPartition> known = new HashSet<>();
        consumer.partitionsFor(settings.topics().jobs())
                .forEach(info -> known.add(new TopicPartition(info.topic(), info.partition())));
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(known);
        Map<TopicPartition, Long> ends = consumer.endOffsets(known);
        Map<TopicPartition, NavigableSet<Long>> there = new HashMap<>();
        for (CommandPosition position : wanted) {
            TopicPartition at = new TopicPartition(position.topic(), position.partition());
            if (position.offset() >= beginnings.getOrDefault(at, Long.MAX_VALUE)
                    && position.offset() < ends.getOrDefault(at, 0L)) {
                there.computeIfAbsent(at, first -> new TreeSet<>()).add(position.offset());
            }
        }
        return there;
    }

    private void take(
            ConsumerRecord<byte[], byte[]> read, Map<CommandPosition, ExecutionRequest> found) {
        CommandPosition position = Records.position(read);
        if (codec.start(Records.message(read), position.toString())
                        instanceof Decoded.Command decoded
                && decoded.command() instanceof JobCommand.Start start) {
            found.put(position, start.request());
        }
    }

    /** By position and not by record: what was wanted may be gone from between two that are not. */
    private static void moveOn(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, NavigableSet<Long>> missing) {
        for (TopicPartition partition : List.copyOf(missing.keySet())) {
            NavigableSet<Long> offsets = missing.getOrDefault(partition, new TreeSet<>());
            long position = consumer.position(partition);
            offsets.headSet(position).clear();
            if (offsets.isEmpty()) {
                missing.remove(partition);
                consumer.pause(List.of(partition));
            } else if (offsets.first() > position + NEAR) {
                consumer.seek(partition, offsets.first());
            }
        }
    }
}
