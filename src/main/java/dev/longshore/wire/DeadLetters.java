package dev.longshore.wire;

import dev.longshore.job.NodeId;
import dev.longshore.job.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What is written in place of a record that cannot be acted on: its key, its value and its headers untouched, and
 * {@code __dlq.errors.*} headers that say where it stood and what was wrong. Any thread.
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

    /** The dead letter; headers of an earlier refusal, which a replayed record brings along, are dropped. */
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
}
