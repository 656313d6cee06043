package dev.longshore.job;

import org.jspecify.annotations.Nullable;

/**
 * The end of an execution, classified.
 *
 * @param state a final state
 * @param reason why
 * @param message for people, or null
 * @param exitCode the program's exit code, or {@link #NO_EXIT_CODE}
 * @param signal the signal that ended the program, such as {@code SIGKILL}, where known
 * @param killed whether the program was ended from outside: by us, by the kernel or by the engine
 */
public record Outcome(
        ExecutionState state,
        Reason reason,
        @Nullable String message,
        int exitCode,
        @Nullable String signal,
        boolean killed) {
    /** The exit code of a program that never ran or whose code is not known. */
    public static final int NO_EXIT_CODE = -1;

    private static final int SIGNAL_BASE = 128;

    /** Refuses a state that is not final. */
    public Outcome {
        Checks.required(state, "state");
        Checks.required(reason, "reason");
        if (!state.isFinal()) {
            throw new IllegalArgumentException("an outcome needs a final state, not " + state);
        }
    }

    /** The program ended by itself. */
    public static Outcome exited(int exitCode) {
        return exitCode == 0
                ? new Outcome(ExecutionState.SUCCEEDED, Reason.COMPLETED, null, 0, null, false)
                : new Outcome(
                        ExecutionState.FAILED,
                        Reason.NON_ZERO_EXIT,
                        "the program ended with exit code " + exitCode,
                        exitCode,
                        signalOf(exitCode),
                        false);
    }

    /** The kernel killed the program for want of memory. */
    public static Outcome outOfMemory(int exitCode, long limitBytes) {
        return new Outcome(
                ExecutionState.FAILED,
                Reason.OOM_KILLED,
                "the program needed more than its memory limit of " + limitBytes + " bytes",
                exitCode,
                "SIGKILL",
                true);
    }

    /** We ended the running program, for this reason. */
    public static Outcome stopped(Reason reason, int exitCode, @Nullable String message) {
        return new Outcome(
                reason == Reason.CANCELLED ? ExecutionState.CANCELLED : ExecutionState.FAILED,
                reason,
                message,
                exitCode,
                signalOf(exitCode),
                true);
    }

    /** The program never ran. */
    public static Outcome neverRan(Reason reason, @Nullable String message) {
        ExecutionState state =
                reason == Reason.CANCELLED ? ExecutionState.CANCELLED : ExecutionState.FAILED;
        return new Outcome(state, reason, message, NO_EXIT_CODE, null, false);
    }

    /** The node would not take it on. */
    public static Outcome rejected(Reason reason, @Nullable String message) {
        return new Outcome(ExecutionState.REJECTED, reason, message, NO_EXIT_CODE, null, false);
    }

    /**
     * The engine or the host took the container away; its exit code, if any, says nothing about the
     * job.
     */
    public static Outcome infraLost(String message) {
        return new Outcome(
                ExecutionState.FAILED, Reason.INFRA_LOST, message, NO_EXIT_CODE, null, true);
    }

    /** The node that ran it did not come back: nobody knows how the program ended, or whether. */
    public static Outcome nodeLost(String message) {
        return new Outcome(
                ExecutionState.LOST, Reason.NODE_LOST, message, NO_EXIT_CODE, null, false);
    }

    private static @Nullable String signalOf(int exitCode) {
        return switch (exitCode - SIGNAL_BASE) {
            case 1 -> "SIGHUP";
            case 2 -> "SIGINT";
            case 3 -> "SIGQUIT";
            case 6 -> "SIGABRT";
            case 9 -> "SIGKILL";
            case 11 -> "SIGSEGV";
            case 13 -> "SIGPIPE";
            case 15 -> "SIGTERM";
            default -> null;
        };
    }
}
