package dev.longshore.executor;

import dev.longshore.job.LogRecord;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The last 64 KiB of one output stream, in one ring of bytes: however short its lines are, it costs
 * no more than that. Not thread-safe.
 */
final class TailBuffer {
    static final int LIMIT_BYTES = 64 << 10;
    private static final int FIRST_BYTES = 1 << 10;

    private byte[] ring = new byte[FIRST_BYTES];
    private int end;
    private int size;
    private boolean truncated;

    void add(LogRecord.Line line) {
        append(line.bytes());
        if (!line.partial()) {
            append(new byte[] {'\n'});
        }
    }

    boolean truncated() {
        return truncated;
    }

    /** The text as it was printed, invalid UTF-8 replaced. */
    String text() {
        byte[] bytes = bytes();
        int from = 0;
        // A character that was cut at the front is left out rather than replaced.
        while (truncated && from < bytes.length && (bytes[from] & 0xC0) == 0x80) {
            from++;
        }
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    private void append(byte[] bytes) {
        int from = Math.max(0, bytes.length - LIMIT_BYTES);
        int length = bytes.length - from;
        truncated |= size + bytes.length > LIMIT_BYTES;
        grow(size + length);
        int first = Math.min(length, ring.length - end);
        System.arraycopy(bytes, from, ring, end, first);
        System.arraycopy(bytes, from + first, ring, 0, length - first);
        end = (end + length) % ring.length;
        size = Math.min(LIMIT_BYTES, size + length);
    }

    /** Never more than the limit; while it grows, the ring has not come round yet. */
    private void grow(int wanted) {
        if (wanted <= ring.length || ring.length == LIMIT_BYTES) {
            return;
        }
        int larger = Math.min(LIMIT_BYTES, Math.max(wanted, 2 * ring.length));
        byte[] copy = Arrays.copyOf(bytes(), larger);
        end = size % larger;
        ring = copy;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[size];
        int start = Math.floorMod(end - size, ring.length);
        int first = Math.min(size, ring.length - start);
        System.arraycopy(ring, start, bytes, 0, first);
        System.arraycopy(ring, 0, bytes, first, size - first);
        return bytes;
    }
}
