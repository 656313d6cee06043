package dev.longshore.docker;

import dev.longshore.job.PortBinding;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A container as the engine reports it.
 *
 * @param id the engine's id
 * @param name its name, without the leading slash
 * @param state what it does
 * @param exitCode meaningful where the state is {@link State#EXITED} or {@link State#DEAD}
 * @param oomKilled whether the kernel killed a process of it for want of memory
 * @param startedAt when its program started, null if it never did
 * @param finishedAt when its program ended, null if it never did
 * @param error what the engine says went wrong, empty for nothing
 * @param imageId id of the image it was made from
 * @param labels all its labels
 * @param ports its ports that are reachable from the host, with the host's real ports
 */
public record ContainerView(
        String id,
        String name,
        State state,
        int exitCode,
        boolean oomKilled,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        String error,
        String imageId,
        Map<String, String> labels,
        List<PortBinding> ports) {
    /** Copies the labels; refuses nulls by name. */
    public ContainerView {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(error, "error");
        Objects.requireNonNull(imageId, "imageId");
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
    }

    /** Without ports. */
    public ContainerView(
            String id,
            String name,
            State state,
            int exitCode,
            boolean oomKilled,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            String error,
            String imageId,
            Map<String, String> labels) {
        this(
                id,
                name,
                state,
                exitCode,
                oomKilled,
                startedAt,
                finishedAt,
                error,
                imageId,
                labels,
                List.of());
    }

    /** Whether its program runs, frozen or not. */
    public boolean alive() {
        return state == State.RUNNING || state == State.PAUSED || state == State.RESTARTING;
    }

    /** The engine's own words for what a container does. */
    public enum State {
        /** Made, never started. */
        CREATED,
        /** Its program runs. */
        RUNNING,
        /** Its program is frozen. */
        PAUSED,
        /** Between two runs. */
        RESTARTING,
        /** On its way out of the engine. */
        REMOVING,
        /** Its program has ended. */
        EXITED,
        /** The engine could not remove it. */
        DEAD,
        /** A word that this version does not know. */
        UNKNOWN
    }
}
