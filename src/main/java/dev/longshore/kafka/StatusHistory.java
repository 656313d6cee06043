package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.StatusEvent;
import dev.longshore.wire.EventCodec;
import dev.longshore.wire.Message;
import dev.longshore.wire.WireException;

import io.vertx.core.Context;
import io.vertx.core.Future;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Every status event of one execution that its topic still has, and its result. From any thread;
 * answers on the given context. A consumer is opened for each question, on a thread that all
 * questions share. What fails, fails with Kafka's exceptions.
 */
public final class StatusHistory {
    private static final Logger LOG = LoggerFactory.getLogger(StatusHistory.class);

    /** Records may be older than what they say, by clocks that were set. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

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

    /**
     * What was found.
     *
     * @param statuses its status events
     * @param result how it ended; null where it has not, or the topic has let go of that
     * @param whole whether both topics were read to their ends in time
     */
    public record Found(Read statuses, @Nullable ExecutionResult result, boolean whole) {}

    /** Prepares; talks to nobody yet. */
    public StatusHistory(Context context, KafkaSettings settings, EventCodec codec) {
        this.context = context;
        this.settings = settings;
        this.codec = codec;
    }

    /**
     * Reads the partition of this execution to its end.
     *
     * @param since nothing of it happened before; where the topic has nothing as young as that,
     *     clocks differ, and all of it is read
     */
    public Future<Read> of(ExecutionId id, Instant since) {
        return BriefConsumer.with(
                context,
                "status-history",
                this::open,
                consumer -> read(consumer, id, since.minus(CLOCKS)));
    }

    /** Looks for everything about an execution of which nothing is known yet. */
    public Future<Found> find(ExecutionId id) {
        return BriefConsumer.with(
                context, "status-history", this::open, consumer -> find(consumer, id));
    }

    private Consumer<byte[], byte[]> open() {
        Map<String, Object> properties =
                new HashMap<>(ClientProperties.consumer(settings, "status-history"));
        properties.put("allow.auto.create.topics", "false");
        return new KafkaConsumer<>(properties);
    }

    private Read read(Consumer<byte[], byte[]> consumer, ExecutionId id, Instant since) {
        return statuses(new KeyScan(consumer, id), since);
    }

    private Read statuses(KeyScan scan, Instant since) {
        List<StatusEvent> events = new ArrayList<>();
        boolean[] shortened = {false};
        boolean whole =
                scan.each(
                        settings.topics().status(),
                        since,
                        read -> {
                            add(read, events);
                            if (events.size() > MOST) {
                                events.remove(1);
                                shortened[0] = true;
                            }
                        });
        return new Read(events, !whole || shortened[0]);
    }

    private Found find(Consumer<byte[], byte[]> consumer, ExecutionId id) {
        KeyScan scan = new KeyScan(consumer, id);
        Read read = statuses(scan, Instant.EPOCH);
        List<ExecutionResult> results = new ArrayList<>();
        if (!read.events().isEmpty() && read.events().getLast().state().isFinal()) {
            scan.each(
                    settings.topics().results(),
                    read.events().getFirst().time().minus(CLOCKS),
                    each -> tryRead(each, codec::readResult).ifPresent(results::add));
        }
        return new Found(read, results.isEmpty() ? null : results.getFirst(), scan.isWhole());
    }

    private void add(ConsumerRecord<byte[], byte[]> read, List<StatusEvent> events) {
        tryRead(read, codec::readStatus).ifPresent(events::add);
    }

    /** What it says, or nothing where it is not ours. */
    private static <T> Optional<T> tryRead(
            ConsumerRecord<byte[], byte[]> read, Function<Message, T> reader) {
        try {
            return Optional.of(reader.apply(Records.message(read)));
        } catch (WireException notOurs) {
            LOG.debug(
                    "{}-{} at {} is no event: {}",
                    read.topic(),
                    read.partition(),
                    read.offset(),
                    notOurs.getMessage());
            return Optional.empty();
        }
    }
}
