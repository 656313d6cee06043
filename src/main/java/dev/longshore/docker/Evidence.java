package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * What ended a program, as far as it can be told.
 *
 * @param cause the cause
 * @param signal the signal that somebody sent, for {@link Cause#STOPPED_BY_HAND} only
 * @param sentence for people: what is known, or what is doubtful; null where the exit code says all
 */
public record Evidence(Cause cause, @Nullable String signal, @Nullable String sentence) {
    /** Refuses nulls by name. */
    public Evidence {
        Objects.requireNonNull(cause, "cause");
    }

    /** Whether the program's own end, wanted or not, is the reason. */
    public boolean own() {
        return cause == Cause.OWN || cause == Cause.OUT_OF_MEMORY;
    }

    /** What can end a program. */
    public enum Cause {
        /** It ended by itself, or nothing proves that it did not. */
        OWN,
        /** The kernel ended it for want of memory. */
        OUT_OF_MEMORY,
        /** We ended it ourselves. */
        OURS,
        /** Somebody had the engine send it a signal. */
        STOPPED_BY_HAND,
        /** Somebody had the engine remove the container under it. */
        REMOVED_BY_HAND,
        /** The engine stopped, or was killed, and ended it. */
        ENGINE_WENT_DOWN,
        /** The host or the container's keeper died, and the engine found it gone. */
        HOST_WENT_DOWN
    }
}
