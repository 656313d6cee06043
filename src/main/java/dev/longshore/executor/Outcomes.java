package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.Evidence;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Outcome;
import dev.longshore.job.OutputTail;
import dev.longshore.job.Reason;

import org.jspecify.annotations.Nullable;

/** Tells apart how executions end. Pure. */
final class Outcomes {
    private static final int KILLED = 137;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private Outcomes() {}

    /**
     * The outcome of a program that ran.
     *
     * <p>Order matters: what we ordered ourselves explains the exit first; then the kernel's word
     * for want of memory, which is only believed together with the exit code of a kill, since a
     * child may be killed while the program goes on; an exit code of 137 alone proves nothing and
     * is the program's own.
     *
     * @param output the end of what the program printed
     * @param exited the container after the exit, or null where it was removed from under us
     * @param order why we ended it, or null if we did not
     */
    static Outcome ofExit(
            @Nullable ContainerView exited,
            @Nullable StopOrder order,
            long memoryLimitBytes,
            OutputTail output) {
        int exitCode = exited == null ? Outcome.NO_EXIT_CODE : exited.exitCode();
        if (order != null) {
            return Outcome.stopped(order.reason(), exitCode, order.message());
        }
        if (exited == null) {
            return Outcome.infraLost(
                    "the container was removed while its program ran, and not by Longshore");
        }
        if (exited.oomKilled() && exitCode == KILLED) {
            return Outcome.outOfMemory(exitCode, memoryLimitBytes);
        }
        if ((exitCode == NOT_EXECUTABLE || exitCode == NOT_FOUND) && initGaveUp(output)) {
            return startFailed(exitCode, output.stderr().strip());
        }
        Outcome outcome = Outcome.exited(exitCode);
        return exited.oomKilled()
                ? new Outcome(
                        outcome.state(),
                        outcome.reason(),
                        "one of its processes was killed for want of memory",
                        exitCode,
                        outcome.signal(),
                        false)
                : outcome;
    }

    /** The outcome of a program that somebody else than it or us has ended. */
    static Outcome ofEngine(@Nullable ContainerView exited, Evidence evidence) {
        Outcome lost = Outcome.infraLost(String.valueOf(evidence.sentence()));
        return new Outcome(
                lost.state(),
                lost.reason(),
                lost.message(),
                exited == null ? Outcome.NO_EXIT_CODE : exited.exitCode(),
                evidence.signal(),
                true);
    }

    /** The same with what is doubtful about it. */
    static Outcome withDoubt(Outcome outcome, Evidence evidence) {
        String doubt = evidence.sentence();
        return doubt == null
                ? outcome
                : new Outcome(
                        outcome.state(),
                        outcome.reason(),
                        outcome.message() == null ? doubt : outcome.message() + "; " + doubt,
                        outcome.exitCode(),
                        outcome.signal(),
                        outcome.killed());
    }

    /** The outcome of a program whose outputs could not be collected. */
    static Outcome withoutOutputs(Outcome outcome, Throwable failure) {
        String message = "an output could not be collected: " + failure.getMessage();
        boolean fine = outcome.state() == ExecutionState.SUCCEEDED;
        return new Outcome(
                fine ? ExecutionState.FAILED : outcome.state(),
                fine ? Reason.OUTPUT_FAILED : outcome.reason(),
                outcome.message() == null ? message : outcome.message() + "; " + message,
                outcome.exitCode(),
                outcome.signal(),
                outcome.killed());
    }

    /** The outcome of an execution that the node would not take on. */
    static Outcome ofRefusal(Throwable failure) {
        Reason reason =
                failure instanceof ExecutorFailure.NotPermitted
                        ? Reason.NOT_PERMITTED
                        : Reason.INSUFFICIENT_RESOURCES;
        return Outcome.rejected(reason, failure.getMessage());
    }

    /** The outcome of an execution whose program never ran because of this. */
    static Outcome ofFailure(Throwable failure, Reason otherwise) {
        String message = failure.getMessage();
        return switch (failure) {
            case ExecutorFailure.NotPermitted not ->
                    Outcome.neverRan(Reason.NOT_PERMITTED, message);
            case ExecutorFailure.SecretUnavailable lacking ->
                    Outcome.neverRan(Reason.CREATE_FAILED, message);
            case ExecutorFailure.StartedElsewhere lost ->
                    Outcome.infraLost(String.valueOf(message));
            case InputFailure input -> Outcome.neverRan(Reason.INPUT_FAILED, message);
            case DockerFailure.StartFailed start when wasBegunBefore(start) ->
                    Outcome.infraLost(
                            "the engine ended while it started the container: " + message);
            case DockerFailure.StartFailed start -> startFailed(start.exitCode(), message);
            case DockerFailure.ImageNotFound notFound ->
                    Outcome.neverRan(Reason.IMAGE_NOT_FOUND, message);
            case DockerFailure.ImageDenied denied ->
                    Outcome.neverRan(Reason.IMAGE_PULL_DENIED, message);
            case DockerFailure.PullFailed failed ->
                    Outcome.neverRan(Reason.IMAGE_PULL_FAILED, message);
            default -> Outcome.neverRan(otherwise, message);
        };
    }

    /**
     * Whether the engine's init process could not run the program: with an init, the engine starts
     * that and hears of nothing else. It says so in one line on standard error.
     */
    private static boolean initGaveUp(OutputTail output) {
        String said = output.stderr();
        return output.stdout().isEmpty()
                && said.startsWith("[FATAL tini (")
                && said.indexOf('\n') == said.length() - 1;
    }

    /**
     * Whether the engine knows nothing of a start that its runtime has begun, as after it was
     * killed in the middle of one: it will never start this container, whatever the job is.
     */
    private static boolean wasBegunBefore(DockerFailure.StartFailed failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("task ") && message.endsWith(": already exists");
    }

    private static Outcome startFailed(int exitCode, @Nullable String message) {
        return new Outcome(
                ExecutionState.FAILED, Reason.START_FAILED, message, exitCode, null, false);
    }
}
