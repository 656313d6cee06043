package dev.longshore.bus;

import dev.longshore.job.ExecAnswer;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.LiveUsage;

import io.vertx.core.Future;

import java.util.List;

/**
 * What only the owner of an execution can do: the node whose engine has its container and its
 * files. The executor does it, on its own context; {@link BusClient} asks it from any other context
 * of the same process. Every answer comes on the caller's context. Failures are {@link OwnRefusal},
 * where it cannot be done, and {@link OwnUnavailable}, where it could not be found out.
 */
public interface OwnExecutions {
    /**
     * Runs a command beside the program, with its rights; answers at the command's end. Refused
     * with {@code NOT_PERMITTED} unless the node allows it.
     */
    Future<ExecAnswer> exec(ExecutionId executionId, List<String> command);

    /** What the program uses just now. */
    Future<LiveUsage> stats(ExecutionId executionId);

    /** A collected output as a tar file; whoever got it closes it, in every case. */
    Future<Download> output(ExecutionId executionId, String name);
}
