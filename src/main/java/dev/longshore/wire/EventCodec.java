package dev.longshore.wire;

import com.github.f4b6a3.uuid.UuidCreator;

import dev.longshore.job.ExecutionResult;
import dev.longshore.job.LogRecord;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Events and log lines from and to Kafka records. Events are CloudEvents 1.0 in Kafka's binary
 * mode; whatever is written reads back equal, but for times, which are cut to microseconds (log
 * lines keep nanoseconds). Any thread: stateless.
 *
 * <p>{@code ce_id} is the same at every repetition: {@code
 * <executionId>/status/<attempt>/<sequence>} and {@code <executionId>/result}; the one of a node
 * event, which is never repeated, is a UUIDv7.
 */
public final class EventCodec {
    /** The {@code ce_type} of a status event. */
    public static final String STATUS_TYPE = "dev.longshore.execution.status.v1";

    /** The {@code ce_type} of a result event. */
    public static final String RESULT_TYPE = "dev.longshore.execution.result.v1";

    /** The {@code ce_type} of a node event. */
    public static final String NODE_TYPE = "dev.longshore.node.v1";

    private static final int MOST_BYTES = 4 << 20;

    private final StrictJson json = new StrictJson(MOST_BYTES);

    /** Builds the parser; cheap. */
    public EventCodec() {}

    /**
     * A status event, key executionId.
     *
     * @param traceparent W3C trace context to pass on, or null
     */
    public Message status(StatusEvent event, @Nullable String traceparent) {
        String id = event.executionId().value();
        Attributes attributes =
                new Attributes(
                        id + "/status/" + event.attempt() + '/' + event.sequence(),
                        STATUS_TYPE,
                        event.nodeId(),
                        id,
                        event.time());
        return Message.of(
                id, Json.bytes(EventTrees.status(event)), attributes.headers(traceparent));
    }

    /**
     * A result event, key executionId.
     *
     * @param traceparent W3C trace context to pass on, or null
     */
    public Message result(ExecutionResult result, @Nullable String traceparent) {
        String id = result.executionId().value();
        Attributes attributes =
                new Attributes(
                        id + "/result", RESULT_TYPE, result.nodeId(), id, result.finishedAt());
        return Message.of(
                id, Json.bytes(EventTrees.result(result)), attributes.headers(traceparent));
    }

    /** A node event, key nodeId. */
    public Message node(NodeStatus status) {
        String id = status.nodeId().value();
        Attributes attributes =
                new Attributes(
                        UuidCreator.getTimeOrderedEpoch().toString(),
                        NODE_TYPE,
                        status.nodeId(),
                        id,
                        status.heartbeat());
        return Message.of(id, Json.bytes(EventTrees.node(status)), attributes.headers(null));
    }

    /**
     * A log record, key executionId; the array of a line is not copied. Every record has the header
     * {@code attempt}.
     *
     * <ul>
     *   <li>A line: its raw bytes; headers {@code seq}, {@code stream}, {@code time} (RFC 3339 with
     *       nanoseconds), and {@code partial: 1} where no newline follows it.
     *   <li>A gap: an empty value; header {@code gap: <reason>; missing=<n>}, or {@code
     *       missing=unknown}.
     *   <li>The end: an empty value; header {@code end: lines=<n>; complete=<true|false>}.
     * </ul>
     */
    public Message log(LogRecord entry) {
        return LogHeaders.write(entry);
    }

    /** The status event in this record; a {@link WireException} where there is none. */
    public StatusEvent readStatus(Message message) {
        return read(message, EventReader::status);
    }

    /** The result event in this record; a {@link WireException} where there is none. */
    public ExecutionResult readResult(Message message) {
        return read(message, EventReader::result);
    }

    /** The node event in this record; a {@link WireException} where there is none. */
    public NodeStatus readNode(Message message) {
        return read(message, EventReader::node);
    }

    /** The log record in this record; a {@link WireException} where there is none. */
    public LogRecord readLog(Message message) {
        return LogHeaders.read(message);
    }

    private <T> T read(Message message, Function<Fields, T> reader) {
        byte[] value = message.value();
        if (value == null) {
            throw new WireException("the record has no value");
        }
        try {
            return reader.apply(new Fields(json.object(value), ""));
        } catch (RefusedException e) {
            throw new WireException(e.refusal().message(), e);
        } catch (IllegalArgumentException e) {
            // The records' own checks; their messages name the field and show numbers at most.
            throw new WireException(String.valueOf(e.getMessage()), e);
        }
    }

    private record Attributes(String id, String type, NodeId source, String subject, Instant time) {
        List<Header> headers(@Nullable String traceparent) {
            List<Header> headers =
                    new ArrayList<>(
                            List.of(
                                    Header.of("ce_specversion", "1.0"),
                                    Header.of("ce_id", id),
                                    Header.of("ce_source", "/longshore/nodes/" + source.value()),
                                    Header.of("ce_type", type),
                                    Header.of("ce_subject", subject),
                                    Header.of("ce_time", Json.micros(time)),
                                    Header.of("content-type", "application/json")));
            if (traceparent != null) {
                headers.add(Header.of("traceparent", traceparent));
            }
            return headers;
        }
    }
}
