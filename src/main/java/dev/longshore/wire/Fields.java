package dev.longshore.wire;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Typed access to the fields of one object of our own events; a field of the wrong kind is a {@link
 * WireException} that names it, fields that nobody asks for are ignored. Any thread.
 *
 * @param node the object
 * @param path its JSON pointer
 */
record Fields(JsonNode node, String path) {
    private static final BigDecimal NANOS_PER_CORE = BigDecimal.valueOf(1_000_000_000L);

    String text(String name) {
        String text = textOrNull(name);
        if (text == null) {
            throw wrong(name, "a text");
        }
        return text;
    }

    @Nullable String textOrNull(String name) {
        JsonNode value = node.path(name);
        if (isAbsent(value)) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(name, "a text or null");
        }
        return value.textValue();
    }

    long number(String name) {
        JsonNode value = node.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "a whole number");
        }
        return value.longValue();
    }

    int count(String name) {
        long number = number(name);
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            throw wrong(name, "a whole number of at most 32 bits");
        }
        return (int) number;
    }

    @Nullable Integer countOrNull(String name) {
        return isAbsent(node.path(name)) ? null : count(name);
    }

    boolean flag(String name) {
        JsonNode value = node.path(name);
        if (!value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value.booleanValue();
    }

    boolean flagOr(String name, boolean otherwise) {
        return isAbsent(node.path(name)) ? otherwise : flag(name);
    }

    double decimal(String name) {
        JsonNode value = node.path(name);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(name, "a number");
        }
        return value.doubleValue();
    }

    /** Cores, as billionths of one. */
    long cpuNanos(String name) {
        JsonNode value = node.path(name);
        Long nanos =
                value.isNumber()
                        ? Sizes.whole(value.decimalValue().multiply(NANOS_PER_CORE))
                        : null;
        if (nanos == null) {
            throw wrong(name, "a number of cores");
        }
        return nanos;
    }

    Instant time(String name) {
        Instant time = timeOrNull(name);
        if (time == null) {
            throw wrong(name, "a time");
        }
        return time;
    }

    @Nullable Instant timeOrNull(String name) {
        String text = textOrNull(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw wrong(name, "a time of RFC 3339");
        }
    }

    <E extends Enum<E>> E constant(String name, Class<E> type) {
        E constant = constantOrNull(name, type);
        if (constant == null) {
            throw wrong(name, "a known name");
        }
        return constant;
    }

    /** An enum constant by its name in lower case. */
    <E extends Enum<E>> @Nullable E constantOrNull(String name, Class<E> type) {
        String text = textOrNull(name);
        if (text == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        throw wrong(name, "a known name");
    }

    Map<String, String> texts(String name) {
        Fields object = object(name);
        Map<String, String> texts = new LinkedHashMap<>();
        object.node.fieldNames().forEachRemaining(key -> texts.put(key, object.text(key)));
        return texts;
    }

    Fields object(String name) {
        Fields object = objectOrNull(name);
        if (object == null) {
            throw wrong(name, "an object");
        }
        return object;
    }

    @Nullable Fields objectOrNull(String name) {
        JsonNode value = node.path(name);
        if (isAbsent(value)) {
            return null;
        }
        if (!value.isObject()) {
            throw wrong(name, "an object or null");
        }
        return new Fields(value, Quote.pointer(path, name));
    }

    /** The objects in an array; none where there is no array. */
    List<Fields> objects(String name) {
        JsonNode value = node.path(name);
        if (!isAbsent(value) && !value.isArray()) {
            throw wrong(name, "an array of objects");
        }
        List<Fields> objects = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isObject()) {
                throw wrong(name, "an array of objects");
            }
            objects.add(new Fields(item, Quote.pointer(path, name) + '/' + objects.size()));
        }
        return objects;
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isNull() || value.isMissingNode();
    }

    private WireException wrong(String name, String wanted) {
        return new WireException(Quote.pointer(path, name) + " must be " + wanted);
    }
}
