package dev.longshore.board;

import dev.longshore.board.LogFeed.Placed;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStreamRequest;
import java.util.Arrays;

/**
 * Finds where the last n lines of a log start, keeping eight bytes a line instead of the lines. Pure; one thread.
 */
final class TailSurvey {
    /** The most lines a tail can have. */
    static final int MAX_LINES = 100_000;

    private final LogStreamRequest request;
    private final int lines;
    private long[] offsets = new long[64];
    private long seen;
    private int attempt;
    private long lastSeq = -1;

    TailSurvey(LogStreamRequest request) {
        this.request = request;
        this.lines = (int) Math.min(request.tail(), MAX_LINES);
    }

    void take(Placed placed) {
        if (placed.record() instanceof LogRecord.Line line && isNew(line) && wanted(line)) {
            if (seen >= offsets.length && offsets.length < lines) {
                offsets = Arrays.copyOf(offsets, Math.min(lines, offsets.length * 2));
            }
            offsets[(int) (seen % Math.min(lines, offsets.length))] = placed.offset();
            seen++;
        }
    }

    /** The offset of the first of the last n lines, or {@code otherwise} where there is no line. */
    long start(long otherwise) {
        if (seen == 0 || lines == 0) {
            return otherwise;
        }
        return seen <= lines ? offsets[0] : offsets[(int) (seen % lines)];
    }

    private boolean isNew(LogRecord.Line line) {
        boolean isNew = line.attempt() > attempt || (line.attempt() == attempt && line.seq() > lastSeq);
        if (isNew) {
            attempt = line.attempt();
            lastSeq = line.seq();
        }
        return isNew;
    }

    private boolean wanted(LogRecord.Line line) {
        return line.seq() > request.after() && (request.stream() == null || request.stream() == line.stream());
    }
}
