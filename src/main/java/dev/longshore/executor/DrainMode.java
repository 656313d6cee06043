package dev.longshore.executor;

import java.util.Locale;

/** What becomes of the programs that run when their node stops in order. */
public enum DrainMode {
    /** They run on, and the node's next life takes them on again. */
    DETACH,
    /** The node waits for their end, for as long as it may. */
    WAIT,
    /** They are ended. */
    STOP;

    /** The name in settings. */
    public String settingName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
