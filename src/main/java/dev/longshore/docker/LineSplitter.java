package dev.longshore.docker;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogRecord.Line;
import dev.longshore.job.LogStream;

import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Joins the engine's records to lines, and numbers them. Pure; belongs to one reading of one log
 * from its start, and to one thread.
 *
 * <p>The engine cuts a long line into records of 16 KiB, each with a timestamp of its own; only the
 * last ends with the newline. Records of the two streams may alternate in between. A line is
 * numbered when its last byte is read, in the order of the engine's one file: so every reading of
 * the same file gives the same numbers, whatever the sizes in which it arrived. A line beyond
 * {@link Line#MAX_BYTES} is cut in pieces of just that size, numbered when the byte after them is
 * read. Bytes are kept as they are, a carriage return included; only the newline goes.
 */
final class LineSplitter {
    private static final byte[] EMPTY = new byte[0];

    private final ExecutionId executionId;
    private final int attempt;
    private final RecordTime times = new RecordTime();
    private final Pending stdout = new Pending(LogStream.STDOUT);
    private final Pending stderr = new Pending(LogStream.STDERR);
    private long records;
    private long lines;

    LineSplitter(ExecutionId executionId, int attempt) {
        this.executionId = executionId;
        this.attempt = attempt;
    }

    /** Lines and pieces numbered so far. */
    long lines() {
        return lines;
    }

    /** Whether nothing at all has been read. */
    boolean isEmpty() {
        return records == 0;
    }

    /**
     * One record of the engine, timestamp first, in {@code bytes[from..to)}; the bytes are copied.
     */
    void record(LogStream stream, byte[] bytes, int from, int to, Consumer<Line> out) {
        records++;
        Pending line = stream == LogStream.STDOUT ? stdout : stderr;
        line.lastRecord = records;
        int space = from;
        while (space < to && bytes[space] != ' ') {
            space++;
        }
        Instant time = times.parse(bytes, from, space);
        // Without a timestamp all of it is the program's; the time stays that of the record before.
        int start = time == null ? from : Math.min(to, space + 1);
        if (line.length == 0 && time != null) {
            line.time = time;
        }
        for (int i = start; i < to; i++) {
            if (bytes[i] == '\n') {
                add(line, bytes, start, i, out);
                give(line, false, out);
                line.time = time == null ? line.time : time;
                start = i + 1;
            }
        }
        add(line, bytes, start, to, out);
    }

    /**
     * The log is read to its end: what lacks a newline is a line too, told as partial since no
     * newline follows it, in the order of the last bytes.
     */
    void finish(Consumer<Line> out) {
        Stream.of(stdout, stderr)
                .filter(line -> line.length > 0)
                .sorted((a, b) -> Long.compare(a.lastRecord, b.lastRecord))
                .forEach(line -> give(line, true, out));
    }

    private void add(Pending line, byte[] bytes, int from, int to, Consumer<Line> out) {
        int at = from;
        while (at < to) {
            if (line.length == Line.MAX_BYTES) {
                give(line, true, out);
            }
            int count = Math.min(to - at, Line.MAX_BYTES - line.length);
            line.append(bytes, at, count);
            at += count;
        }
    }

    private void give(Pending line, boolean partial, Consumer<Line> out) {
        byte[] bytes = line.length == 0 ? EMPTY : Arrays.copyOf(line.bytes, line.length);
        line.clear();
        out.accept(new Line(executionId, attempt, lines++, line.stream, line.time, bytes, partial));
    }

    /** The line of one stream that has no newline yet. */
    private static final class Pending {
        private static final int KEPT_BYTES = 4 << 10;

        final LogStream stream;
        byte[] bytes = EMPTY;
        int length;
        Instant time = Instant.EPOCH;
        long lastRecord;

        Pending(LogStream stream) {
            this.stream = stream;
        }

        void append(byte[] source, int from, int count) {
            if (length + count > bytes.length) {
                bytes =
                        Arrays.copyOf(
                                bytes,
                                Math.min(
                                        Line.MAX_BYTES,
                                        Math.max(2 * bytes.length, length + count)));
            }
            System.arraycopy(source, from, bytes, length, count);
            length += count;
        }

        /**
         * Thousands of followers are held at once: a long line must not leave its memory with each.
         */
        void clear() {
            length = 0;
            if (bytes.length > KEPT_BYTES) {
                bytes = EMPTY;
            }
        }
    }
}
