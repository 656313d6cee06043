package dev.longshore.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.job.CommandPosition;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** What HTTP tells of dead letters, as UTF-8 JSON. Any thread. */
public final class DeadLetterJson {
    /** Of a key or a value so many bytes are shown. */
    public static final int SHOWN_BYTES = 4 << 10;

    private static final int CONTINUATION_MASK = 0xc0;
    private static final int CONTINUATION = 0x80;
    private static final int LONGEST_CHARACTER = 4;

    private DeadLetterJson() {}

    /**
     * {@code {"deadLetters":[…],"nextCursor":…}}.
     *
     * @param nextCursor where the next page starts, or null at the end
     */
    public static byte[] page(List<DeadLetters.Letter> letters, @Nullable String nextCursor) {
        ObjectNode tree = Json.object();
        ArrayNode array = tree.putArray("deadLetters");
        letters.forEach(letter -> array.add(letter(letter)));
        return Json.bytes(tree.put("nextCursor", nextCursor));
    }

    /** Where a record that was written again stands: {@code topic}, partition and offset. */
    public static byte[] replayed(CommandPosition place) {
        return Json.bytes(
                Json.object()
                        .put("topic", place.topic())
                        .put("partition", place.partition())
                        .put("offset", place.offset()));
    }

    private static ObjectNode letter(DeadLetters.Letter letter) {
        Message message = letter.message();
        ObjectNode tree =
                Json.object()
                        .put("partition", letter.partition())
                        .put("offset", letter.offset())
                        .put("time", Json.micros(letter.time()));
        boolean cut = bytes(tree, "key", message.key());
        cut |= bytes(tree, "value", message.value());
        if (cut) {
            tree.put("truncated", true);
        }
        tree.put("code", Json.paired(DeadLetters.said(message, "code")))
                .put("message", Json.paired(DeadLetters.said(message, "message")))
                .put("nodeId", Json.paired(DeadLetters.said(message, "node")));
        String topic = DeadLetters.topicOf(message);
        if (topic != null) {
            tree.putObject("origin")
                    .put("topic", Json.paired(topic))
                    .put("partition", number(DeadLetters.said(message, "partition")))
                    .put("offset", number(DeadLetters.said(message, "offset")));
        }
        return tree;
    }

    /** As text, or as Base64 under another name; tells whether it was cut. */
    private static boolean bytes(ObjectNode tree, String name, byte @Nullable [] bytes) {
        if (bytes == null) {
            tree.putNull(name);
            return false;
        }
        boolean cut = bytes.length > SHOWN_BYTES;
        String text = text(cut ? Arrays.copyOf(bytes, wholeCharacters(bytes)) : bytes);
        if (text != null) {
            tree.put(name, text);
        } else {
            byte[] shown = cut ? Arrays.copyOf(bytes, SHOWN_BYTES) : bytes;
            tree.put(name + "Base64", Base64.getEncoder().encodeToString(shown));
        }
        return cut;
    }

    /** The most bytes to show that do not end within a character, where it is UTF-8 at all. */
    private static int wholeCharacters(byte[] bytes) {
        int end = SHOWN_BYTES;
        while (end > SHOWN_BYTES - LONGEST_CHARACTER
                && (bytes[end] & CONTINUATION_MASK) == CONTINUATION) {
            end--;
        }
        return end;
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }

    private static @Nullable Long number(@Nullable String text) {
        try {
            return text == null ? null : (Long) Long.parseLong(text);
        } catch (NumberFormatException notOurs) {
            return null;
        }
    }
}
