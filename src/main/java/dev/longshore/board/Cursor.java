package dev.longshore.board;

import dev.longshore.job.ExecutionId;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Comparator;

/**
 * A place in the list of executions: when one was first heard of, and its id. Means the same on
 * every node, and stays valid when the execution itself is forgotten. Opaque to clients.
 *
 * @param firstTime time of its first status event
 * @param executionId its id, for those of the same time
 */
public record Cursor(Instant firstTime, ExecutionId executionId) implements Comparable<Cursor> {
    private static final Comparator<Cursor> ORDER =
            Comparator.comparing(Cursor::firstTime).thenComparing(Cursor::executionId);

    /** The form given to clients. */
    public String encode() {
        String plain = firstTime + " " + executionId;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads {@link #encode()}.
     *
     * @throws IllegalArgumentException where {@code text} is no cursor
     */
    public static Cursor decode(String text) {
        String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        int space = plain.indexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException("not a cursor");
        }
        try {
            return new Cursor(
                    Instant.parse(plain.substring(0, space)),
                    new ExecutionId(plain.substring(space + 1)));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("not a cursor", e);
        }
    }

    @Override
    public int compareTo(Cursor other) {
        return ORDER.compare(this, other);
    }
}
