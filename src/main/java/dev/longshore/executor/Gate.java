package dev.longshore.executor;

import java.util.EnumSet;
import java.util.Set;

/**
 * Whether commands are taken: closed while there is any reason to. Lives on the executor's context.
 */
final class Gate {
    private final Runnable close;
    private final Runnable open;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    /** Why no commands are taken. */
    enum Reason {
        /** Enough wait here already. */
        FULL,
        /** The engine does not answer. */
        ENGINE_AWAY,
        /** Too little room is left on its disk. */
        DISK_FULL,
        /** Somebody asked for it. */
        DRAINING
    }

    /**
     * An open gate.
     *
     * @param close stops the source; called when the first reason comes
     * @param open lets the source go on; called when the last reason goes
     */
    Gate(Runnable close, Runnable open) {
        this.close = close;
        this.open = open;
    }

    void set(Reason reason, boolean holds) {
        boolean wasOpen = reasons.isEmpty();
        if (holds) {
            reasons.add(reason);
        } else {
            reasons.remove(reason);
        }
        if (wasOpen && !reasons.isEmpty()) {
            close.run();
        } else if (!wasOpen && reasons.isEmpty()) {
            open.run();
        }
    }

    boolean isHeld(Reason reason) {
        return reasons.contains(reason);
    }
}
