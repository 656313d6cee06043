package dev.longshore.bus;

import dev.longshore.job.RefusalCode;

/** The owner cannot do what was asked; the message is for people. */
public final class OwnRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RefusalCode code;

    /** For this reason, in these words. */
    public OwnRefusal(RefusalCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** Why. */
    public RefusalCode code() {
        return code;
    }
}
