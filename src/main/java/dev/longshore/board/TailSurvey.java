package dev.longshore.board;

import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStreamRequest;

import java.util.Arrays;

/**
 * Finds the last n lines of a log, whichever attempts they are of, keeping twelve bytes a line
 * instead of the lines. Pure; one thread.
 */
final class TailSurvey {
    /** The most lines a tail can have. */
    static final int MAX_LINES = 100_000;

    private static final int FIRST_CAPACITY = 64;

    private final LogStreamRequest request;
    private final int firstAttempt;
    private final int lines;
    private long[] seqs;
    private int[] attempts;
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

    /** For one who is not interested in attempts before {@code firstAttempt}. */
    TailSurvey(LogStreamRequest request, int firstAttempt) {
        this.request = request;
        this.firstAttempt = firstAttempt;
        this.attempt = firstAttempt;
        this.lines = (int) Math.min(request.tail(), MAX_LINES);
        int capacity = Math.max(1, Math.min(FIRST_CAPACITY, lines));
        this.seqs = new long[capacity];
        this.attempts = new int[capacity];
    }

    void take(LogRecord entry) {
        if (entry instanceof LogRecord.Line line && isNew(line) && wanted(line) && lines > 0) {
            if (seen >= seqs.length && seqs.length < lines) {
                int larger = Math.min(lines, seqs.length * 2);
                seqs = Arrays.copyOf(seqs, larger);
                attempts = Arrays.copyOf(attempts, larger);
            }
            int place = (int) (seen % seqs.length);
            seqs[place] = line.seq();
            attempts[place] = line.attempt();
            seen++;
        }
    }

    Found found() {
        if (seen == 0) {
            long after = attempt == firstAttempt ? request.after() : -1;
            return new Found(attempt, Math.max(lastSeq, after) + 1);
        }
        int first = seen <= seqs.length ? 0 : (int) (seen % seqs.length);
        return new Found(attempts[first], seqs[first]);
    }

    private boolean isNew(LogRecord.Line line) {
        int only = request.scope().attempt();
        if (only > 0 && line.attempt() != only) {
            return false;
        }
        if (line.attempt() > attempt) {
            attempt = line.attempt();
            lastSeq = line.seq();
            return true;
        }
        boolean isNew = line.attempt() == attempt && line.seq() > lastSeq;
        lastSeq = isNew ? line.seq() : lastSeq;
        return isNew;
    }

    private boolean wanted(LogRecord.Line line) {
        return (line.attempt() > firstAttempt || line.seq() > request.after())
                && request.wants(line);
    }
}
