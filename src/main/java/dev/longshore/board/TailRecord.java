package dev.longshore.board;

import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogRecord;
import dev.longshore.job.Outcome;
import dev.longshore.job.Reason;

import org.jspecify.annotations.Nullable;

/**
 * What the reader of a log is told, in order: one {@link Hello}, then lines, gaps and states, then
 * one last record.
 */
public sealed interface TailRecord {
    /** After this one nothing follows. */
    sealed interface Last extends TailRecord permits End, UpToDate, Broken {}

    /**
     * The first record; another one comes where a new attempt starts.
     *
     * @param executionId whose log
     * @param attempt the attempt, from 1
     * @param state where the execution stands
     * @param nextSeq no line with a lower seq follows
     */
    record Hello(ExecutionId executionId, int attempt, ExecutionState state, long nextSeq)
            implements TailRecord {}

    /** A line. */
    record Line(LogRecord.Line line) implements TailRecord {}

    /** Some lines in a row, which other readers are given too. */
    record Lines(LineRun run) implements TailRecord {}

    /**
     * Lines that the reader does not get.
     *
     * @param from the first seq missing
     * @param to the last seq missing, or {@link #UNKNOWN}
     * @param reason why: {@link #SLOW_CONSUMER}, {@link #RETENTION}, or what the node said
     */
    record Gap(long from, long to, String reason) implements TailRecord {
        /** Not known how far it goes. */
        public static final long UNKNOWN = -1;

        /** The reader did not read fast enough. */
        public static final String SLOW_CONSUMER = "slow-consumer";

        /** The topic has them no more. */
        public static final String RETENTION = "retention";
    }

    /**
     * The execution stands elsewhere now. Not ordered against the lines around it.
     *
     * @param state where
     * @param reason why, or null
     * @param message more about it, such as how far a pull is or what it waits for; or null
     */
    record State(ExecutionState state, @Nullable Reason reason, @Nullable String message)
            implements TailRecord {
        static State of(Execution now) {
            return new State(now.state(), now.latest().reason(), now.latest().message());
        }

        /** Whether there is something to tell: another state, or news within one, as of a pull. */
        static boolean isNews(Execution before, Execution now) {
            String message = now.latest().message();
            return !now.state().isFinal()
                    && (now.state() != before.state()
                            || message != null && !message.equals(before.latest().message()));
        }
    }

    /**
     * The log is at its end.
     *
     * @param state the final state, or where the execution stood last if that is all the board
     *     knows
     * @param exitCode the program's, or {@link Outcome#NO_EXIT_CODE}
     * @param lastSeq seq of its last line, -1 where there is none
     * @param complete false where a line may be missing
     */
    record End(ExecutionState state, int exitCode, long lastSeq, boolean complete) implements Last {
        /** The end of an execution, as far as the board knows it. */
        static End of(Execution execution, long lastSeq, boolean complete) {
            ExecutionResult result = execution.result();
            return result == null
                    ? new End(execution.state(), Outcome.NO_EXIT_CODE, lastSeq, complete)
                    : new End(
                            result.outcome().state(),
                            result.outcome().exitCode(),
                            lastSeq,
                            complete);
        }

        /**
         * The end of the one attempt that was asked for, which another one followed: so it failed,
         * and nobody counted its lines.
         */
        static End ofFollowed(long lastSeq) {
            return new End(ExecutionState.FAILED, Outcome.NO_EXIT_CODE, lastSeq, false);
        }
    }

    /** That is all there is so far, and no more was asked for. */
    record UpToDate() implements Last {}

    /**
     * The log could not be read on.
     *
     * @param cause why
     */
    record Broken(Throwable cause) implements Last {}
}
