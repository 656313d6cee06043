package dev.longshore.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.RefusalCode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where the identity of a command comes from: its value, its record's key, or its place in the topic. Any thread. */
final class Ids {
    private static final String FIELD = "executionId";
    private static final String RULE = " is not an id: 1 to 64 letters, digits, '_' or '-', starting with a letter or digit";
    private static final int MOST_CHARACTERS = 64;

    private Ids() {}

    /** The execution that a start is about; without an id in value and key it is made of {@code origin}. */
    static ExecutionId ofStart(ObjectNode body, Message message, String origin) {
        String key = key(message);
        String given = body.has(FIELD) ? checked(body.path(FIELD).asText(), '/' + FIELD) : null;
        if (given == null) {
            return new ExecutionId(key == null ? sanitised(origin) : checked(key, "/key"));
        }
        requireSame(key, given, FIELD);
        return new ExecutionId(given);
    }

    /** The id that a control command names in this field; a key, where there is one, must say the same. */
    static String ofControl(ObjectNode body, String field, Message message) {
        String given = checked(body.path(field).asText(), '/' + field);
        requireSame(key(message), given, field);
        return given;
    }

    /** Which execution a malformed record means, if that is beyond doubt. */
    static @Nullable ExecutionId meant(@Nullable ObjectNode body, Message message) {
        String key = key(message);
        JsonNode given = body == null ? null : body.get(FIELD);
        if (given == null) {
            return key != null && ExecutionId.isValid(key) ? new ExecutionId(key) : null;
        }
        String value = given.asText();
        boolean certain = given.isTextual() && ExecutionId.isValid(value) && (key == null || key.equals(value));
        return certain ? new ExecutionId(value) : null;
    }

    private static String sanitised(String origin) {
        String id = origin.replaceAll("[^A-Za-z0-9_-]", "-");
        id = id.substring(Math.max(0, id.length() - MOST_CHARACTERS)).replaceFirst("^[_-]+", "");
        return id.isEmpty() ? "0" : id;
    }

    private static String checked(String id, String pointer) {
        if (!ExecutionId.isValid(id)) {
            throw new RefusedException(RefusalCode.INVALID_EXECUTION_ID, pointer, Quote.of(id) + RULE);
        }
        return id;
    }

    private static void requireSame(@Nullable String key, String given, String field) {
        if (key != null && !key.equals(given)) {
            throw new RefusedException(
                    RefusalCode.KEY_MISMATCH,
                    '/' + field,
                    "is " + Quote.of(given) + ", but the record's key is " + Quote.of(key));
        }
    }

    private static @Nullable String key(Message message) {
        byte[] key = message.key();
        return key == null || key.length == 0 ? null : new String(key, StandardCharsets.UTF_8);
    }
}
