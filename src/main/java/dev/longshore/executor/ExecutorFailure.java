package dev.longshore.executor;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;

/** What the executor answers where it cannot do what was asked. */
public abstract sealed class ExecutorFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ExecutorFailure(String message) {
        super(message, null, false, false);
    }

    /** The execution is known and has not ended. */
    public static final class AlreadyStarted extends ExecutorFailure {
        private static final long serialVersionUID = 1L;
        private final boolean sameSpec;

        AlreadyStarted(ExecutionId executionId, boolean sameSpec) {
            super(
                    "execution "
                            + executionId
                            + " was started already"
                            + (sameSpec
                                    ? ""
                                    : ", with another specification; the first is not disturbed"));
            this.sameSpec = sameSpec;
        }

        /** Whether it is the very same start: then nothing is wrong, and nothing runs twice. */
        public boolean sameSpec() {
            return sameSpec;
        }
    }

    /** The execution has ended. */
    public static final class AlreadyFinished extends ExecutorFailure {
        private static final long serialVersionUID = 1L;
        private final boolean sameSpec;

        AlreadyFinished(ExecutionId executionId, boolean sameSpec) {
            super("execution " + executionId + " has finished already");
            this.sameSpec = sameSpec;
        }

        /** Whether it was the very same start. */
        public boolean sameSpec() {
            return sameSpec;
        }
    }

    /** No such execution here. */
    public static final class NotFound extends ExecutorFailure {
        private static final long serialVersionUID = 1L;

        NotFound(ExecutionId executionId) {
            super("execution " + executionId + " is not known here");
        }
    }

    /** The execution is known, but its program does not run (yet). */
    public static final class NotRunning extends ExecutorFailure {
        private static final long serialVersionUID = 1L;

        NotRunning(ExecutionId executionId) {
            super("the program of execution " + executionId + " does not run");
        }
    }

    /** The execution ended before its program ran; its result says why. */
    public static final class CreationFailed extends ExecutorFailure {
        private static final long serialVersionUID = 1L;
        private final transient ExecutionResult result;

        CreationFailed(ExecutionResult result) {
            super(
                    "execution "
                            + result.executionId()
                            + " could not be started: "
                            + result.outcome().reason().wireName()
                            + ": "
                            + result.outcome().message());
            this.result = result;
        }

        /** The end of the execution, as published. */
        public ExecutionResult result() {
            return result;
        }
    }

    /** The operator's policy does not allow what the execution asks for. */
    public static final class NotPermitted extends ExecutorFailure {
        private static final long serialVersionUID = 1L;
        private final String field;

        /** The message names the field first, as that of a malformed command does. */
        NotPermitted(Policy.Verdict verdict) {
            super(verdict.field() + ": " + verdict.message());
            this.field = verdict.field();
        }

        /** JSON pointer of the field that asks for it. */
        public String field() {
            return field;
        }
    }

    /** A secret that the execution wants can't be had. */
    public static final class SecretUnavailable extends ExecutorFailure {
        private static final long serialVersionUID = 1L;

        SecretUnavailable(String name, String why) {
            super("the secret " + name + " cannot be had: " + why);
        }
    }

    /** A node that has fallen silent has started the program on the same engine, unheard. */
    static final class StartedElsewhere extends ExecutorFailure {
        private static final long serialVersionUID = 1L;

        StartedElsewhere(ExecutionId executionId, String node) {
            super(
                    "node "
                            + node
                            + " has started "
                            + executionId
                            + " and fell silent before it said so");
        }
    }

    /** The node could never hold the execution. */
    public static final class CanNeverFit extends ExecutorFailure {
        private static final long serialVersionUID = 1L;

        CanNeverFit(ExecutionId executionId, String lack) {
            super("execution " + executionId + " can never run on this node; it needs " + lack);
        }
    }

    /** The one who waited gave up; the execution goes on. */
    public static final class WaitCancelled extends ExecutorFailure {
        private static final long serialVersionUID = 1L;

        WaitCancelled(ExecutionId executionId) {
            super("waiting for execution " + executionId + " was cancelled; the execution goes on");
        }
    }
}
