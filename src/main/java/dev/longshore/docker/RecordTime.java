package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;

/**
 * Reads the timestamp before a record, such as {@code 2026-01-02T03:04:05.123456789Z}. Remembers
 * the last second: the records of one second share their first 20 bytes, and parsing is what costs
 * most per line. One thread.
 */
final class RecordTime {
    private static final int TO_SECONDS = "2026-01-02T03:04:05".length();

    private final byte[] lastPrefix = new byte[TO_SECONDS];
    private long lastSecond;

    /** The time in {@code bytes[from..to)}, null where there is none. */
    @Nullable Instant parse(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > TO_SECONDS && bytes[to - 1] == 'Z') {
            int dot = from + TO_SECONDS;
            boolean same = Arrays.equals(bytes, from, dot, lastPrefix, 0, TO_SECONDS);
            int nanos = nanos(bytes, dot, to - 1);
            if (same && nanos >= 0) {
                return Instant.ofEpochSecond(lastSecond, nanos);
            }
        }
        return slowly(bytes, from, to);
    }

    private @Nullable Instant slowly(byte[] bytes, int from, int to) {
        try {
            String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (text.endsWith("Z") && text.length() > TO_SECONDS) {
                System.arraycopy(bytes, from, lastPrefix, 0, TO_SECONDS);
                lastSecond = time.getEpochSecond();
            }
            return time;
        } catch (DateTimeException e) {
            return null; // said by the type: the caller takes all of it as the program's own bytes
        }
    }

    /**
     * Nanoseconds of ".123" in {@code bytes[dot..to)}, 0 for nothing there, -1 for something else.
     */
    private static int nanos(byte[] bytes, int dot, int to) {
        if (dot == to) {
            return 0;
        }
        if (bytes[dot] != '.' || to - dot > 10) {
            return -1;
        }
        int nanos = 0;
        for (int i = 0; i < 9; i++) {
            int at = dot + 1 + i;
            int digit = at < to ? bytes[at] - '0' : 0;
            if (digit < 0 || digit > 9) {
                return -1;
            }
            nanos = nanos * 10 + digit;
        }
        return nanos;
    }
}
