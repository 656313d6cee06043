package dev.longshore.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record as far as its meaning goes: no topic, no offset, no client class. Any thread; the byte arrays are not
 * copied, so nobody may change them.
 *
 * @param key the key, or null
 * @param value the value, or null
 * @param headers the headers, in order
 */
public record Message(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    /** Copies the list of headers. */
    public Message {
        Objects.requireNonNull(headers, "headers");
        headers = List.copyOf(headers);
    }

    /** A record with a text key. */
    public static Message of(String key, byte[] value, List<Header> headers) {
        return new Message(key.getBytes(StandardCharsets.UTF_8), value, headers);
    }

    /** The text of the last header of that name, or null; what is not UTF-8 becomes U+FFFD. */
    public @Nullable String header(String name) {
        for (Header header : headers.reversed()) {
            if (header.name().equals(name)) {
                return header.text();
            }
        }
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message that
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(key) + Arrays.hashCode(value)) + headers.hashCode();
    }

    /** Sizes only: a value may hold secrets. */
    @Override
    public String toString() {
        return "Message[key of " + (key == null ? 0 : key.length) + " bytes, value of "
                + (value == null ? 0 : value.length) + " bytes, " + headers.size() + " headers]";
    }
}
