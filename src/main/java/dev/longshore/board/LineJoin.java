package dev.longshore.board;

import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStreamRequest;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * Makes one sequence of what history and live reading give: nothing twice, what the reader did not
 * ask for left out, what is missing told. Pure; one thread.
 */
final class LineJoin {
    /** In place of a seq: whichever comes first. */
    static final long UNKNOWN = -1;

    private final LogStreamRequest request;
    private final Consumer<TailRecord> out;
    private int attempt;
    private boolean passed;
    private long expectedSeq;
    private boolean anyLine;
    private @Nullable String gapReason;
    private LogRecord.@Nullable End end;

    /**
     * @param request what the reader asked for; where to start is said by {@code start} alone
     * @param start the attempt that it starts with, which the reader has been told of, and where
     * @param out where the records go
     */
    LineJoin(LogStreamRequest request, TailSurvey.Found start, Consumer<TailRecord> out) {
        this.request = request;
        this.attempt = start.attempt();
        this.expectedSeq = start.firstSeq();
        this.out = out;
    }

    /** Takes the next record of either source. */
    void take(LogRecord record) {
        if (hasEnded() || record.attempt() < attempt) {
            return;
        }
        int only = request.scope().attempt();
        if (only > 0 && record.attempt() > only) {
            passed = true;
            return;
        }
        if (record.attempt() > attempt) {
            nextAttempt(record);
        }
        switch (record) {
            case LogRecord.Line line -> line(line);
            // How much is missing shows at the next line, since the count has no holes.
            case LogRecord.Gap gap -> gapReason = gap.reason();
            case LogRecord.End last -> end(last);
        }
    }

    /**
     * Takes lines as one, where they are just what comes next and all of them are wanted.
     *
     * @return false where they have to be taken one by one
     */
    boolean takeRun(LineRun run) {
        boolean next = run.attempt() == attempt && run.firstSeq() == expectedSeq;
        if (hasEnded() || !next || gapReason != null || !request.wantsEveryLine()) {
            return false;
        }
        anyLine = true;
        expectedSeq = run.lastSeq() + 1;
        out.accept(new TailRecord.Lines(run));
        return true;
    }

    /** The record that ends the log, once seen. */
    LogRecord.@Nullable End end() {
        return end;
    }

    /** Whether nothing follows that the reader wants. */
    boolean hasEnded() {
        return passed || end != null;
    }

    /** Whether a later attempt has begun than the only one that was asked for. */
    boolean passed() {
        return passed;
    }

    /** The seq of the last line seen, of the attempt it belongs to, -1 where there was none. */
    long lastSeq() {
        return expectedSeq == UNKNOWN ? -1 : expectedSeq - 1;
    }

    /**
     * Tells what the topic has let go of, as far as is known; answers with how many lines it had.
     */
    long expired(Execution known) {
        ExecutionResult result = known.result();
        long lines = result == null ? 0 : result.log().lines();
        int ofAttempt = known.latest().attempt();
        if (ofAttempt > attempt) {
            enter(ofAttempt, lines > 0);
        }
        if (ofAttempt == attempt) {
            missingUpTo(lines, TailRecord.Gap.RETENTION);
        }
        return lines;
    }

    private void missingUpTo(long lines, String reason) {
        if (expectedSeq != UNKNOWN && lines > expectedSeq) {
            out.accept(new TailRecord.Gap(expectedSeq, lines - 1, reason));
            expectedSeq = lines;
        }
    }

    private void nextAttempt(LogRecord record) {
        // One that ended without a line needs no introduction.
        enter(record.attempt(), !(record instanceof LogRecord.End last && last.lines() == 0));
    }

    private void enter(int next, boolean told) {
        expectedSeq = 0;
        gapReason = null;
        anyLine = false;
        attempt = next;
        if (told) {
            out.accept(
                    new TailRecord.Hello(
                            request.executionId(), next, ExecutionState.RUNNING, expectedSeq));
        }
    }

    private void line(LogRecord.Line line) {
        if (line.seq() < expectedSeq) {
            // Seen before, and with it the gap in front of it.
            gapReason = null;
            return;
        }
        if (expectedSeq != UNKNOWN && line.seq() > expectedSeq) {
            out.accept(new TailRecord.Gap(expectedSeq, line.seq() - 1, reasonForHole()));
        } else if (gapReason != null) {
            out.accept(new TailRecord.Gap(line.seq(), TailRecord.Gap.UNKNOWN, gapReason));
        }
        gapReason = null;
        anyLine = true;
        expectedSeq = line.seq() + 1;
        if (request.wants(line)) {
            out.accept(new TailRecord.Line(line));
        }
    }

    private void end(LogRecord.End last) {
        missingUpTo(last.lines(), reasonForHole());
        end = last;
    }

    private String reasonForHole() {
        if (gapReason != null) {
            return gapReason;
        }
        return anyLine ? "unknown" : TailRecord.Gap.RETENTION;
    }
}
