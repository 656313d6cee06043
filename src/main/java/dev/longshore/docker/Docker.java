package dev.longshore.docker;

import io.vertx.core.Future;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A Docker engine as the executor needs it.
 *
 * <p>Every method may be called from any Vert.x context, never blocks it, and answers on the
 * context it was called from. Every call but {@link #awaitExit}, {@link #pull}, {@link #follow} and
 * {@link #exec} ends within a deadline of our own, with {@link DockerFailure.Unreachable} where the
 * engine did not answer. Every failure is a {@link DockerFailure}. Ends are idempotent: stopping
 * what has stopped and removing what is gone succeed.
 */
public interface Docker {
    /** Whether the engine answers at all. */
    Future<Void> ping();

    /** What the engine is and what it has. */
    Future<EngineInfo> info();

    /**
     * The image as the engine has it; fails with {@link DockerFailure.ImageNotFound} where it has
     * none.
     */
    Future<ImageView> inspectImage(String reference);

    /**
     * Fetches an image; concurrent calls are not merged here. Fails with an image failure of {@link
     * DockerFailure}: {@link DockerFailure.ImageDenied} for a credential that the settings do not
     * have for its registry.
     *
     * @param progress told on the caller's context, at most a few times a second
     */
    Future<Void> pull(PullRequest request, Consumer<PullProgress> progress);

    /**
     * Creates a container under {@link ContainerSpec#name()}; answers its id. Fails with {@link
     * DockerFailure.NameTaken} where the name is in use, and with {@link DockerFailure.Refused},
     * leaving none, where the engine would not keep it apart and within its grant as asked.
     */
    Future<String> create(ContainerSpec spec);

    /**
     * Starts a created container. The engine would start an exited one again: the caller must not
     * ask for that.
     */
    Future<Void> start(String containerId);

    /**
     * The exit code, once the container is not running; holds no thread. Answers at once where it
     * has ended.
     */
    Future<Integer> awaitExit(String containerId);

    /**
     * Reads the container's log from its first line to its last, as long as that takes; holds no
     * thread.
     *
     * @param sink called on the caller's context
     */
    LogFollow follow(LogRequest request, LogSink sink);

    /**
     * Sends the stop signal, and SIGKILL after the grace period; answers when the container has
     * ended. A frozen program hears nothing: the caller lets it go on first.
     */
    Future<Void> stop(String containerId, String signal, Duration grace);

    /**
     * Sends a signal to the program; succeeds where the container does not run any more. A frozen
     * program gets it when it goes on: the caller sees to that.
     */
    Future<Void> kill(String containerId, String signal);

    /** Freezes the program; succeeds where it is frozen. */
    Future<Void> pause(String containerId);

    /** Lets a frozen program go on; succeeds where it is not frozen. */
    Future<Void> unpause(String containerId);

    /**
     * Runs a command in a running container, beside its program and with its rights; answers at the
     * command's end, however long that takes, and holds no thread. What cannot be run answers with
     * 126 or 127 as a shell does. Fails with {@link DockerFailure.Refused} where the container does
     * not run or is frozen. The engine knows no way to end the command alone.
     */
    Future<ExecResult> exec(String containerId, List<String> command);

    /**
     * What a running container uses just now; fails with {@link DockerFailure.Refused} where it
     * does not run.
     */
    Future<ContainerStats> stats(String containerId);

    /**
     * The container as the engine has it, by id or name; fails with {@link
     * DockerFailure.NoSuchContainer}.
     */
    Future<ContainerView> inspect(String containerIdOrName);

    /** All containers, running or not, that carry all these labels. */
    Future<List<ContainerView>> list(Map<String, String> labels);

    /** Removes a container, its anonymous volumes included, running or not. */
    Future<Void> remove(String containerId);

    /**
     * Removes the networks and volumes, in that order, that carry all these labels and are not in
     * use.
     */
    Future<SweepReport> sweep(Map<String, String> labels);

    /** Ends every call and stream and frees what they held. */
    Future<Void> close();
}
