package dev.longshore.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.job.RefusalCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON from strangers: one object, UTF-8 only (a byte order mark is passed over), no field twice, nothing behind
 * it, bounded in size and depth. Any thread; every failure is a {@link RefusedException}.
 */
final class StrictJson {
    /** Nothing nests deeper than this. */
    static final int MOST_LEVELS = 50;

    /** Numbers with a larger exponent are not worked with. */
    private static final int MOST_EXPONENT = 400;

    private static final int MOST_DIGITS = 400;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final int mostBytes;
    private final JsonFactory factory;

    /** A reader that refuses values above a size. */
    StrictJson(int mostBytes) {
        this.mostBytes = mostBytes;
        factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MOST_LEVELS)
                        .maxNumberLength(MOST_DIGITS)
                        .maxStringLength(mostBytes)
                        .build())
                .build();
    }

    /** The one object that these bytes hold. */
    ObjectNode object(byte[] bytes) {
        if (bytes.length == 0) {
            throw new RefusedException(RefusalCode.EMPTY_MESSAGE, "", "the record has no value: a JSON object is wanted");
        }
        if (bytes.length > mostBytes) {
            throw new RefusedException(
                    RefusalCode.TOO_LARGE, "", "the value has " + bytes.length + " bytes, more than " + mostBytes);
        }
        try (JsonParser parser = factory.createParser(text(bytes))) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new RefusedException(RefusalCode.EMPTY_MESSAGE, "", "the value is blank: a JSON object is wanted");
            }
            JsonNode root = value(parser, first, "");
            if (parser.nextToken() != null) {
                throw malformed("something follows the end of the JSON value", parser.currentTokenLocation());
            }
            if (root instanceof ObjectNode object) {
                return object;
            }
            throw new RefusedException(
                    RefusalCode.NOT_AN_OBJECT, "", "the value is " + named(root) + ": a JSON object is wanted");
        } catch (StreamConstraintsException e) {
            throw constraint(e);
        } catch (JsonProcessingException e) {
            throw malformed(Quote.escaped(e.getOriginalMessage(), 2 * Quote.MOST), e.getLocation());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** What kind of JSON value this is, with its article. */
    static String named(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "true or false";
            case NULL, MISSING -> "null";
            case NUMBER -> "a number";
            case STRING -> "a text";
            default -> "an object";
        };
    }

    private static String text(byte[] bytes) {
        int start = 0;
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            start = 3;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, bytes.length - start))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException(RefusalCode.MALFORMED_JSON, "", "the value is not UTF-8" + otherwise(bytes));
        }
    }

    private static String otherwise(byte[] bytes) {
        boolean utf16 = bytes.length >= 2
                && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
                        || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
        return utf16 ? " (its byte order mark says UTF-16)" : "";
    }

    private JsonNode value(JsonParser parser, JsonToken token, String pointer) throws IOException {
        return switch (token) {
            case START_OBJECT -> members(parser, pointer);
            case START_ARRAY -> elements(parser, pointer);
            case VALUE_STRING -> NODES.textNode(paired(parser.getText(), pointer));
            case VALUE_NUMBER_INT -> parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? NODES.numberNode(parser.getBigIntegerValue())
                    : NODES.numberNode(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(bounded(parser.getText(), pointer));
            case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(token == JsonToken.VALUE_TRUE);
            default -> NODES.nullNode();
        };
    }

    private JsonNode members(JsonParser parser, String pointer) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (JsonToken token = parser.nextToken(); token == JsonToken.FIELD_NAME; token = parser.nextToken()) {
            String name = paired(parser.currentName(), pointer);
            String member = Quote.pointer(pointer, name);
            if (object.has(name)) {
                throw new RefusedException(RefusalCode.DUPLICATE_KEY, member, "this field is given twice");
            }
            object.set(name, value(parser, parser.nextToken(), member));
        }
        return object;
    }

    private JsonNode elements(JsonParser parser, String pointer) throws IOException {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(parser, token, pointer + '/' + array.size()));
        }
        return array;
    }

    private static BigDecimal bounded(String digits, String pointer) {
        try {
            BigDecimal number = new BigDecimal(digits);
            if (Math.abs((long) number.precision() - number.scale()) <= MOST_EXPONENT
                    && Math.abs((long) number.scale()) <= MOST_EXPONENT) {
                return number;
            }
        } catch (NumberFormatException e) {
            // An exponent beyond an int: as far out of range as the other.
        }
        throw new RefusedException(FieldRules.codeOf(pointer), pointer, "the number is out of any range");
    }

    private static String paired(String text, String pointer) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new RefusedException(
                        RefusalCode.MALFORMED_JSON, pointer, "a text holds half of a surrogate pair, which is no character");
            }
        }
        return text;
    }

    private static RefusedException malformed(String what, JsonLocation where) {
        return new RefusedException(
                RefusalCode.MALFORMED_JSON,
                "",
                "not JSON at line " + where.getLineNr() + ", column " + where.getColumnNr() + ": " + what);
    }

    private static RefusedException constraint(StreamConstraintsException e) {
        return e.getOriginalMessage().contains("nesting depth")
                ? new RefusedException(RefusalCode.TOO_DEEP, "", "nested deeper than " + MOST_LEVELS + " levels")
                : new RefusedException(RefusalCode.TOO_LARGE, "", "a number or a field's name is too long");
    }
}
