package dev.longshore.board;

import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStreamRequest;

import java.util.Arrays;

/**
 * Finds the last n lines of a log, keeping eight bytes a line instead of the lines. Pure; one
 * thread.
 */
final class TailSurvey {
    /** The most lines a tail can have. */
    static final int MAX_LINES = 100_000;

    private static final int FIRST_CAPACITY = 64;

    private final LogStreamRequest request;
    private final int lines;
    private long[] seqs;
    private long seen;
    private int attempt;
    private long lastSeq = -1;

    /**
     * Where the last lines start.
     *
     * @param attempt the attempt they belong to
     * @param firstSeq the seq of the first of them, or of the line that will come next where there
     *     is none
     */
    record Found(int attempt, long firstSeq) {}

    TailSurvey(LogStreamRequest request) {
        this.request = request;
        this.lines = (int) Math.min(request.tail(), MAX_LINES);
        this.seqs = new long[Math.max(1, Math.min(FIRST_CAPACITY, lines))];
    }

    void take(LogRecord entry) {
        if (entry instanceof LogRecord.Line line && isNew(line) && wanted(line) && lines > 0) {
            if (seen >= seqs.length && seqs.length < lines) {
                seqs = Arrays.copyOf(seqs, Math.min(lines, seqs.length * 2));
            }
            seqs[(int) (seen % seqs.length)] = line.seq();
            seen++;
        }
    }

    Found found() {
        if (seen == 0) {
            return new Found(attempt, lastSeq + 1);
        }
        return new Found(attempt, seen <= seqs.length ? seqs[0] : seqs[(int) (seen % seqs.length)]);
    }

    private boolean isNew(LogRecord.Line line) {
        if (line.attempt() > attempt) {
            attempt = line.attempt();
            lastSeq = line.seq();
            seen = 0;
            return true;
        }
        boolean isNew = line.attempt() == attempt && line.seq() > lastSeq;
        lastSeq = isNew ? line.seq() : lastSeq;
        return isNew;
    }

    private boolean wanted(LogRecord.Line line) {
        return line.seq() > request.after()
                && (request.stream() == null || request.stream() == line.stream());
    }
}
