package dev.longshore.executor;

import dev.longshore.job.LogRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** The last 64 KiB of one output stream. Keeps the arrays it is given; not thread-safe. */
final class TailBuffer {
    static final int LIMIT_BYTES = 64 << 10;

    private final Deque<LogRecord.Line> lines = new ArrayDeque<>();
    private long kept;
    private boolean truncated;

    void add(LogRecord.Line line) {
        lines.addLast(line);
        kept += size(line);
        while (kept - size(lines.getFirst()) >= LIMIT_BYTES) {
            kept -= size(lines.removeFirst());
            truncated = true;
        }
    }

    boolean truncated() {
        return truncated || kept > LIMIT_BYTES;
    }

    /** The text, invalid UTF-8 replaced; every line ended by a newline. */
    String text() {
        ByteArrayOutputStream all = new ByteArrayOutputStream(Math.toIntExact(kept));
        for (LogRecord.Line line : lines) {
            all.writeBytes(line.bytes());
            if (!line.partial()) {
                all.write('\n');
            }
        }
        byte[] bytes = all.toByteArray();
        int from = Math.max(0, bytes.length - LIMIT_BYTES);
        while (from > 0 && from < bytes.length && (bytes[from] & 0xC0) == 0x80) {
            from++;
        }
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    private static int size(LogRecord.Line line) {
        return line.bytes().length + (line.partial() ? 0 : 1);
    }
}
