package dev.longshore.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.job.RefusalCode;

import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.jackson.JsonFormat;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a record's value holds once its envelope is off: bare JSON, CloudEvents in binary mode
 * (attributes in headers, so the value is the same), or in structured mode.
 *
 * @param body the command's object
 * @param traceparent W3C trace context, or null where there is none or it is not well-formed
 */
record Envelope(ObjectNode body, @Nullable String traceparent) {
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final JsonFormat FORMAT = new JsonFormat();
    private static final Pattern TRACEPARENT =
            Pattern.compile(
                    "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    /**
     * Takes the envelope off; throws {@link RefusedException} on anything but one JSON object
     * inside.
     */
    static Envelope open(Message message, StrictJson json) {
        byte[] value = message.value();
        if (value == null) {
            throw new RefusedException(
                    RefusalCode.EMPTY_MESSAGE,
                    "",
                    "the record has no value: a JSON object is wanted");
        }
        String traceparent = trace(message);
        String type = mediaType(message);
        if (type.equals(BATCH)) {
            throw new RefusedException(
                    RefusalCode.INVALID_FIELD,
                    "",
                    "a batch of CloudEvents: send one command in each record");
        }
        return type.equals(STRUCTURED)
                ? structured(value, traceparent, json)
                : new Envelope(json.object(value), traceparent);
    }

    private static Envelope structured(byte[] value, @Nullable String header, StrictJson json) {
        ObjectNode envelope = json.object(value);
        CloudEvent event = event(envelope);
        CloudEventData data = event.getData();
        if (data == null) {
            throw new RefusedException(
                    RefusalCode.EMPTY_MESSAGE, "/data", "the CloudEvent has no data");
        }
        // An object is taken from our own tree: the SDK's numbers are not exact.
        ObjectNode body =
                envelope.get("data") instanceof ObjectNode object
                        ? object
                        : json.object(data.toBytes());
        return new Envelope(
                body,
                header != null ? header : valid(String.valueOf(event.getExtension("traceparent"))));
    }

    private static CloudEvent event(ObjectNode envelope) {
        try {
            // Written anew, since the SDK would take UTF-16 and fields given twice.
            return FORMAT.deserialize(Json.bytes(envelope));
        } catch (RuntimeException e) {
            // The SDK throws half a dozen kinds, not all of them its own, and all for what a
            // stranger sent.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why =
                    cause instanceof JsonProcessingException json
                            ? json.getOriginalMessage()
                            : cause.getMessage();
            throw new RefusedException(
                    RefusalCode.INVALID_FIELD,
                    "",
                    "not a CloudEvent: " + Quote.escaped(String.valueOf(why), 2 * Quote.MOST));
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
