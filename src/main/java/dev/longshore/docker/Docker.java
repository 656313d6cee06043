package dev.longshore.docker;

import dev.longshore.job.PullState;

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
 * engine did not answer. Every failure is a {@link DockerFailure}; {@link
 * DockerFailure.EngineDiskFull} may come from whatever writes. Ends are idempotent: stopping what
 * has stopped and removing what is gone succeed.
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
    Future<Void> pull(PullRequest request, Consumer<PullState> progress);

    /**
     * Asks the image's registry, through the engine, whether it would be given to who asks, and
     * fetches nothing. Fails as {@link #pull} does: {@link DockerFailure.ImageDenied} where it
     * would not, {@link DockerFailure.PullFailed} where the registry could not be asked.
     */
    Future<Void> checkAccess(PullRequest request);

    /** Every image that the engine has, but the layers between. */
    Future<List<ImageSummary>> images();

    /**
     * Removes an image by id, or one of its references: the image itself goes with its last one.
     * Layers that no other image has go with it. Never forces: fails with {@link
     * DockerFailure.ImageInUse} where a container, running or not, was made from it, or where an id
     * has more than one reference. Succeeds where there is no such image.
     */
    Future<Void> removeImage(String idOrReference);

    /**
     * Creates a container under {@link ContainerSpec#name()}; answers its id. Fails with {@link
     * DockerFailure.NameTaken} where the name is in use, and with {@link DockerFailure.Refused},
     * leaving none, where the engine would not keep it apart and within its grant as asked.
     */
    Future<String> create(ContainerSpec spec);

    /**
     * Puts files and directories into a container that was created and not started, in this order.
     * Files that are there are replaced, directories keep what is in them; parents that are missing
     * are made, of root with mode 0755. Entries may lie in mounts that can be written; with a
     * read-only root file system all of them have to, else it fails with {@link
     * DockerFailure.Refused}, as it does where a directory would have to give way to a file. What
     * lies under a tmpfs is not seen by the program. After a failure some of the entries may be
     * there; doing it again is safe. The content is held in memory twice meanwhile, but that of
     * {@link CopyEntry.Stored}, which come last and are streamed: for them the deadline is one of
     * silence.
     */
    Future<Void> copyIn(String containerId, List<CopyEntry> entries);

    /**
     * Opens what is at an absolute path in a container, running or not, its mounts included, as a
     * tar: the directory's own name is the first part of every name in it. A symbolic link at the
     * path itself is not followed. Comes paused and holds no thread; the caller reads it to the end
     * or closes it. Fails with {@link DockerFailure.NoSuchPath} where nothing is there.
     */
    Future<Archive> copyOut(String containerId, String path);

    /**
     * Whether a container that was not started is kept apart and within its grant as this spec
     * asks; fails with {@link DockerFailure.Refused}, leaving it, where it is not.
     */
    Future<Void> verify(String containerId, ContainerSpec spec);

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

    /**
     * Bytes that each container, running or not, has written to disk and that go with it, by
     * container id: its writable layer and its anonymous volumes. Neither its log, which the engine
     * keeps elsewhere, nor named volumes nor binds count. The engine walks all of its files for it
     * and does so for one asker at a time: calls at the same time share an answer, and it fails
     * with a retryable {@link DockerFailure.Refused} while somebody else asks.
     */
    Future<Map<String, Long>> diskUse();

    /** Removes a container, its anonymous volumes included, running or not. */
    Future<Void> remove(String containerId);

    /**
     * Listens to what happens to the containers that carry all these labels until it is closed;
     * holds no thread. What the engine remembers from before is told first. A stream that breaks is
     * told as {@link EngineEvent.Lost} and opened again after growing pauses; what happened
     * meanwhile is told then, each event once, as far as the engine still has it: an engine that
     * runs on keeps its last 256 events of all kinds, one that was started again none from before.
     * Silence is normal.
     *
     * @param sink called on the caller's context
     */
    EventWatch events(Map<String, String> labels, Consumer<EngineEvent> sink);

    /**
     * Removes the networks and volumes, in that order, that carry all these labels and are not in
     * use.
     */
    Future<SweepReport> sweep(Map<String, String> labels);

    /** Ends every call and stream and frees what they held. */
    Future<Void> close();
}
