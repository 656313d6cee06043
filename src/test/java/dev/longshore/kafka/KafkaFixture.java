package dev.longshore.kafka;

import dev.longshore.testing.TestBroker;
import dev.longshore.wire.CommandCodec;
import dev.longshore.wire.EventCodec;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a test of this package needs: topics of its own, a context, and plain Kafka clients that
 * know nothing of us.
 */
final class KafkaFixture implements AutoCloseable {
    static final long DEADLINE_SECONDS = 60;

    final Vertx vertx = Vertx.vertx();
    final Context context = vertx.getOrCreateContext();
    final CommandCodec commands = new CommandCodec();
    final EventCodec events = new EventCodec();
    final KafkaSettings settings;
    final Topics topics;
    private final Admin admin;
    private final KafkaProducer<String, String> producer;

    KafkaFixture() {
        this(TestBroker.settings());
    }

    KafkaFixture(KafkaSettings settings) {
        this.settings = settings;
        this.topics = settings.topics();
        Map<String, Object> bootstrap = Map.of("bootstrap.servers", settings.bootstrapServers());
        this.admin = Admin.create(bootstrap);
        this.producer =
                new KafkaProducer<>(bootstrap, new StringSerializer(), new StringSerializer());
        await(new TopicSetup(context, settings).ensure());
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
        await(vertx.close());
    }

    /** Waits for a future, on the test's thread. */
    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException runtime
                    ? runtime
                    : new IllegalStateException(failure.getCause());
        } catch (InterruptedException | TimeoutException failure) {
            throw new IllegalStateException("no answer", failure);
        }
    }

    /** Does something on the context and waits for the answer. */
    <T> T call(Supplier<Future<T>> what) {
        return await(start(what));
    }

    /** Does something on the context. */
    <T> Future<T> start(Supplier<Future<T>> what) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        context.runOnContext(
                now -> what.get().onComplete(answer::complete, answer::completeExceptionally));
        return Future.fromCompletionStage(answer);
    }

    /** A plain record without headers; returns where it stands. */
    long produce(String topic, @Nullable Integer partition, @Nullable String key, String value) {
        try {
            return producer.send(new ProducerRecord<>(topic, partition, key, value))
                    .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .offset();
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The same without waiting: {@link #flush} does. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void produceLater(
            String topic, @Nullable Integer partition, @Nullable String key, String value) {
        producer.send(new ProducerRecord<>(topic, partition, key, value));
    }

    void flush() {
        producer.flush();
    }

    /** Reads a topic from its beginning, committed records only, until there are that many. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic, int wanted) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        Map<String, Object> properties =
                Map.of(
                        "bootstrap.servers",
                        settings.bootstrapServers(),
                        "isolation.level",
                        "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            until(
                    () -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
                        return all.size() >= wanted;
                    });
        }
        return all;
    }

    /** Makes a topic anew that takes no batches larger than that. */
    void limit(String topic, int maxMessageBytes) {
        makeAnew(topic, Map.of("max.message.bytes", String.valueOf(maxMessageBytes)));
    }

    /** Deletes a topic and makes it again, with as many partitions. */
    void makeAnew(String topic) {
        makeAnew(topic, Map.of());
    }

    private void makeAnew(String topic, Map<String, String> configs) {
        NewTopic anew = new NewTopic(topic, settings.partitions(), (short) 1).configs(configs);
        Uuid old = Objects.requireNonNull(idOf(topic), topic);
        done(admin.deleteTopics(List.of(topic)).all());
        until(
                () -> {
                    try {
                        admin.createTopics(List.of(anew))
                                .all()
                                .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
                        return true;
                    } catch (InterruptedException | ExecutionException | TimeoutException still) {
                        return false;
                    }
                });
        // The broker follows the controller, one change after the other. Until it has come to this
        // one it takes records into the old topic, which go with it.
        until(
                () -> {
                    Uuid id = idOf(topic);
                    return id != null && !id.equals(old);
                });
        String behind = topic + "." + old;
        done(admin.createTopics(List.of(new NewTopic(behind, 1, (short) 1))).all());
        until(() -> idOf(behind) != null);
    }

    /** What the broker knows a topic by, or null where it knows none. */
    private @Nullable Uuid idOf(String topic) {
        try {
            return Objects.requireNonNull(
                            admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
                    .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .topicId();
        } catch (ExecutionException unknown) {
            return null;
        } catch (InterruptedException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void done(KafkaFuture<?> asked) {
        try {
            asked.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** What the group has committed of one partition of the jobs, 0 where nothing. */
    long committed(int partition) {
        try {
            OffsetAndMetadata offset =
                    admin.listConsumerGroupOffsets(settings.group())
                            .partitionsToOffsetAndMetadata()
                            .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                            .get(new TopicPartition(topics.jobs(), partition));
            return offset == null ? 0 : offset.offset();
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** How many members the group has. */
    int members() {
        try {
            return Objects.requireNonNull(
                            admin.describeConsumerGroups(List.of(settings.group()))
                                    .describedGroups()
                                    .get(settings.group()))
                    .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .members()
                    .size();
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Looks again and again until it is so, or the deadline has passed. */
    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("it did not happen within " + DEADLINE_SECONDS + " s");
            }
            Thread.onSpinWait();
        }
    }

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
