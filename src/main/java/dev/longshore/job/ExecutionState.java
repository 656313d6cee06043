package dev.longshore.job;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where an execution stands, as seen from outside. Wire form: the name in lower case. */
public enum ExecutionState {
    /** Taken on by a node; may wait there for capacity. */
    ACCEPTED,
    /** The image is being fetched. */
    PULLING,
    /** The container is being created and started. */
    STARTING,
    /** The program runs. */
    RUNNING,
    /** The program is frozen. */
    PAUSED,
    /** The program was told to end. */
    STOPPING,
    /** Ended with exit code 0. */
    SUCCEEDED,
    /** Ended otherwise, or could not run. */
    FAILED,
    /** Ended because somebody asked for it. */
    CANCELLED,
    /** Never taken on. */
    REJECTED,
    /** Its end is not known. */
    LOST;

    private static final Set<ExecutionState> FINAL =
            EnumSet.of(SUCCEEDED, FAILED, CANCELLED, REJECTED, LOST);

    /** Whether nothing can follow. */
    public boolean isFinal() {
        return FINAL.contains(this);
    }

    /**
     * Whether {@code next} may follow this state; {@link #ACCEPTED} does for another attempt, also
     * where the one before got no further than that. A node that was killed did not say everything:
     * its next life may skip steps, and says where it found a program again even if nothing has
     * changed; so does a node that is about to start a program and said so too long ago.
     */
    public boolean mayBecome(ExecutionState next) {
        if (isFinal()) {
            return false;
        }
        if (next == ACCEPTED) {
            return true;
        }
        if (next.isFinal()) {
            return next != REJECTED || this == ACCEPTED;
        }
        return switch (this) {
            case ACCEPTED, PULLING -> true;
            case STARTING -> next != PULLING;
            case RUNNING, PAUSED -> next == RUNNING || next == PAUSED || next == STOPPING;
            case STOPPING -> next == STOPPING;
            default -> false;
        };
    }

    /** The name in messages. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
