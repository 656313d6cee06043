package dev.longshore.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.job.RefusalCode;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.rw.CloudEventRWException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a record's value holds once its envelope is off: bare JSON, CloudEvents in binary mode (attributes in headers, so
 * the value is the same), or in structured mode.
 *
 * @param body the command's object
 * @param traceparent W3C trace context, or null where there is none or it is not well-formed
 */
record Envelope(ObjectNode body, @Nullable String traceparent) {
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    /** Takes the envelope off; throws {@link RefusedException} on anything but one JSON object inside. */
    static Envelope open(Message message, StrictJson json) {
        byte[] value = message.value();
        if (value == null) {
            throw new RefusedException(RefusalCode.EMPTY_MESSAGE, "", "the record has no value: a JSON object is wanted");
        }
        String traceparent = trace(message);
        String type = mediaType(message);
        if (type.equals(BATCH)) {
            throw new RefusedException(
                    RefusalCode.INVALID_FIELD, "", "a batch of CloudEvents: send one command in each record");
        }
        return type.equals(STRUCTURED)
                ? structured(value, traceparent, json)
                : new Envelope(json.object(value), traceparent);
    }

    private static Envelope structured(byte[] value, @Nullable String header, StrictJson json) {
        ObjectNode envelope = json.object(value);
        try {
            // Written anew, since the SDK would take UTF-16 and fields given twice.
            CloudEvent event = new JsonFormat().deserialize(Json.bytes(envelope));
            CloudEventData data = event.getData();
            if (data == null) {
                throw new RefusedException(RefusalCode.EMPTY_MESSAGE, "/data", "the CloudEvent has no data");
            }
            // Read anew as well: the SDK's numbers are not exact.
            ObjectNode body = data instanceof JsonCloudEventData tree && tree.getNode().isObject() && envelope.has("data")
                    ? (ObjectNode) envelope.get("data")
                    : json.object(data.toBytes());
            String extension = header != null ? header : valid(String.valueOf(event.getExtension("traceparent")));
            return new Envelope(body, extension);
        } catch (CloudEventRWException | IllegalArgumentException | IllegalStateException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new RefusedException(
                    RefusalCode.INVALID_FIELD, "", "not a CloudEvent: " + Quote.escaped(why, 2 * Quote.MOST));
        }
    }

    private static String mediaType(Message message) {
        for (Header header : message.headers().reversed()) {
            if (header.name().equalsIgnoreCase("content-type")) {
                return header.text().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    private static @Nullable String trace(Message message) {
        String plain = message.header("traceparent");
        String own = plain == null ? null : valid(plain);
        String extension = message.header("ce_traceparent");
        return own != null || extension == null ? own : valid(extension);
    }

    private static @Nullable String valid(String traceparent) {
        return TRACEPARENT.matcher(traceparent).matches() ? traceparent : null;
    }
}
