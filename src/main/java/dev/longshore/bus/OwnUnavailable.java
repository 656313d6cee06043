package dev.longshore.bus;

/** The owner does not answer now, or its engine does not; the message is for people. */
public final class OwnUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** In these words. */
    public OwnUnavailable(String message) {
        super(message, null, false, false);
    }
}
