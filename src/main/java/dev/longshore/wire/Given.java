package dev.longshore.wire;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One value of a command that has passed its schema, with its place; what breaks a rule is a {@link
 * RefusedException} that names it. Any thread.
 *
 * @param node the value, a missing node where there is none
 * @param pointer its JSON pointer
 */
record Given(JsonNode node, String pointer) {
    private static final Pattern TIME =
            Pattern.compile(
                    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?"
                            + "(Z|[+-][0-9]{2}:[0-9]{2})");

    Given field(String name) {
        return new Given(node.path(name), Quote.pointer(pointer, name));
    }

    boolean isAbsent() {
        return node.isMissingNode();
    }

    @Nullable String text() {
        return isAbsent() ? null : node.asText();
    }

    /** The text, which must be what the pattern says, in words {@code wanted}. */
    @Nullable String matching(Pattern pattern, String wanted) {
        String text = text();
        if (text != null && !pattern.matcher(text).matches()) {
            throw refused(Quote.of(text) + " is not " + wanted);
        }
        return text;
    }

    boolean flag(boolean otherwise) {
        return isAbsent() ? otherwise : node.booleanValue();
    }

    @Nullable Integer count() {
        return isAbsent() ? null : node.decimalValue().intValueExact();
    }

    List<Given> items() {
        List<Given> items = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            items.add(new Given(node.path(i), pointer + '/' + i));
        }
        return items;
    }

    List<String> words() {
        List<String> words = new ArrayList<>();
        node.forEach(word -> words.add(word.asText()));
        return words;
    }

    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties().forEach(member -> texts.put(member.getKey(), member.getValue().asText()));
        return texts;
    }

    Map<String, Given> members() {
        Map<String, Given> members = new LinkedHashMap<>();
        node.fieldNames().forEachRemaining(name -> members.put(name, field(name)));
        return members;
    }

    /**
     * Bytes, as a number or a text with a unit.
     *
     * @param least the fewest
     * @param why what fewer would be
     */
    @Nullable Long size(long least, String why) {
        if (isAbsent()) {
            return null;
        }
        Long bytes =
                node.isTextual() ? Sizes.parse(node.textValue()) : Sizes.whole(node.decimalValue());
        if (bytes == null) {
            throw refused(
                    Quote.of(node.asText())
                            + " is not a size; expected bytes, or a number with KiB, MiB, GiB, KB,"
                            + " MB or GB");
        }
        if (bytes < least) {
            throw refused(Quote.of(node.asText()) + " is " + why);
        }
        return bytes;
    }

    @Nullable Duration duration() {
        if (isAbsent()) {
            return null;
        }
        Duration duration = Durations.parse(node.asText());
        if (duration == null) {
            throw refused(
                    Quote.of(node.asText())
                            + " is not a duration such as 10s, 1h30m, 500ms or PT10S from 1 ms to"
                            + " 366 days");
        }
        return duration;
    }

    /** A time of RFC 3339, with its offset. */
    @Nullable Instant time() {
        if (isAbsent()) {
            return null;
        }
        try {
            if (TIME.matcher(node.asText()).matches()) {
                return OffsetDateTime.parse(node.asText()).toInstant();
            }
        } catch (DateTimeException noSuchDay) {
            throw refused(Quote.of(node.asText()) + " is no time that there is");
        }
        throw refused(
                Quote.of(node.asText()) + " is not a time such as 2027-01-31T18:00:00Z (RFC 3339)");
    }

    /** The signal's full name. */
    @Nullable String signal() {
        if (isAbsent()) {
            return null;
        }
        String name = Signals.name(node.asText());
        if (name == null) {
            throw refused(
                    Quote.of(node.asText()) + " is not a signal; expected a name or a number");
        }
        return name;
    }

    /** The refusal of this value, by the code that belongs to its field. */
    RefusedException refused(String message) {
        return new RefusedException(FieldRules.codeOf(pointer), pointer, message);
    }
}
