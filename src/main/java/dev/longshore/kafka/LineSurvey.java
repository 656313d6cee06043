package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;

import io.vertx.core.Context;
import io.vertx.core.Future;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How many lines of executions are in the topic of logs already: what a node needs after a restart
 * to go on with a log where its earlier life stopped. From any thread; answers on the given
 * context. Nothing is kept open between calls.
 */
public final class LineSurvey {
    private final Context context;
    private final KafkaSettings settings;

    /**
     * What to look for.
     *
     * @param executionId whose lines
     * @param attempt of which attempt, from 1
     * @param from where its log starts: no line stands before
     */
    public record Ask(ExecutionId executionId, int attempt, LogPosition from) {
        /** Refuses nulls by name. */
        public Ask {
            Objects.requireNonNull(executionId, "executionId");
            Objects.requireNonNull(from, "from");
            if (attempt < 1) {
                throw new IllegalArgumentException("attempt must be at least 1, was " + attempt);
            }
        }
    }

    /**
     * What is there.
     *
     * @param lines the highest sequence number, and one: the number of the first line that is
     *     missing
     * @param firstOffset where the first of them stands, -1 where there is none
     * @param lastOffset where the last of them stands, -1 where there is none
     */
    public record Found(long lines, long firstOffset, long lastOffset) {
        static final Found NONE = new Found(0, -1, -1);
    }

    /** Prepares; talks to nobody yet. */
    public LineSurvey(Context context, KafkaSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /**
     * Reads each partition once, from the earliest start that is asked for to its end now.
     *
     * @param asks one for each execution at most
     * @return an answer for every one that is asked for; fails with Kafka's {@link
     *     org.apache.kafka.common.errors.TimeoutException} when nothing more came for twenty
     *     seconds
     */
    public Future<Map<ExecutionId, Found>> of(List<Ask> asks) {
        Set<ExecutionId> ids = new HashSet<>();
        for (Ask ask : asks) {
            if (!ids.add(ask.executionId())) {
                throw new IllegalArgumentException("asked for twice: " + ask.executionId());
            }
        }
        if (asks.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        LinePass pass = new LinePass(List.copyOf(asks));
        return BriefConsumer.with(context, "line-survey", this::open, pass::over);
    }

    private Consumer<ByteBuffer, Void> open() {
        Map<String, String> properties = ClientProperties.consumer(settings, "line-survey");
        // Lines are in no transaction; the last of them may stand behind one that is open.
        properties.put("isolation.level", "read_uncommitted");
        properties.put("allow.auto.create.topics", "false");
        properties.put("max.poll.records", "20000");
        properties.put("max.partition.fetch.bytes", String.valueOf(8 << 20));
        properties.put("fetch.max.bytes", String.valueOf(32 << 20));
        properties.put("receive.buffer.bytes", String.valueOf(1 << 20));
        return new KafkaConsumer<>(
                new HashMap<>(properties), new ByteBufferDeserializer(), new LinePass.NoValue());
    }
}
