package dev.longshore.wire;

/** A record of a topic of ours that is not one of ours: thrown by the readers of {@link EventCodec}. */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With one line for people, control characters escaped. */
    public WireException(String message) {
        super(message);
    }

    /** With the exception that says why. */
    public WireException(String message, Throwable cause) {
        super(message, cause);
    }
}
