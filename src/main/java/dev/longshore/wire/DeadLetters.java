package dev.longshore.wire;

import dev.longshore.job.NodeId;
import dev.longshore.job.Refusal;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What is written in place of a record that cannot be acted on: its key, its value and its headers
 * untouched, and {@code __dlq.errors.*} headers that say where it stood and what was wrong. Any
 * thread.
 */
public final class DeadLetters {
    private static final String FAMILY = "__dlq.";
    private static final String PREFIX = FAMILY + "errors.";

    private DeadLetters() {}

    /**
     * Where the refused record stands.
     *
     * @param topic its topic
     * @param partition its partition
     * @param offset its offset
     * @param group the consumer group that refused it
     */
    public record Origin(String topic, int partition, long offset, String group) {
        /** Refuses nulls by name. */
        public Origin {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(group, "group");
        }
    }

    /**
     * A dead letter where it stands.
     *
     * @param partition the partition of the topic of dead letters
     * @param offset its offset there
     * @param time when it was put there
     * @param message what it is
     */
    public record Letter(int partition, long offset, Instant time, Message message) {
        /** Refuses nulls by name. */
        public Letter {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * The dead letter; headers of an earlier refusal, which a replayed record brings along, are
     * dropped.
     */
    public static Message wrap(Message refused, Origin origin, Refusal refusal, NodeId node) {
        List<Header> headers = new ArrayList<>();
        for (Header header : refused.headers()) {
            if (!header.name().startsWith(FAMILY)) {
                headers.add(header);
            }
        }
        headers.add(Header.of(PREFIX + "topic", origin.topic()));
        headers.add(Header.of(PREFIX + "partition", Integer.toString(origin.partition())));
        headers.add(Header.of(PREFIX + "offset", Long.toString(origin.offset())));
        headers.add(Header.of(PREFIX + "group", origin.group()));
        headers.add(Header.of(PREFIX + "message", refusal.message()));
        headers.add(Header.of(PREFIX + "code", refusal.code().name()));
        headers.add(Header.of(PREFIX + "node", node.value()));
        return new Message(refused.key(), refused.value(), headers);
    }

    /** The record as it was before it was refused: without the headers that say why. */
    public static Message unwrap(Message letter) {
        return new Message(
                letter.key(),
                letter.value(),
                letter.headers().stream()
                        .filter(header -> !header.name().startsWith(FAMILY))
                        .toList());
    }

    /** The topic that a dead letter came from, or null where it does not say. */
    public static @Nullable String topicOf(Message letter) {
        return letter.header(PREFIX + "topic");
    }

    /** What the headers of a dead letter say under a name such as {@code code}, or null. */
    static @Nullable String said(Message letter, String name) {
        return letter.header(PREFIX + name);
    }
}
