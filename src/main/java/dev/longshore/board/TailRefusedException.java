package dev.longshore.board;

/** A log cannot be read, said before anything of it was: the message is for people. */
public final class TailRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why not. */
    public enum Why {
        /** No such execution is known. */
        UNKNOWN_EXECUTION,
        /** As many readers as the board allows are open. */
        TOO_MANY_READERS,
        /** The board has not started, or has stopped. */
        NOT_RUNNING
    }

    private final Why why;
    private final String explanation;

    TailRefusedException(Why why, String message) {
        super(message, null, false, false);
        this.why = why;
        this.explanation = message;
    }

    /** Why not. */
    public Why why() {
        return why;
    }

    /** The same for people. */
    public String explanation() {
        return explanation;
    }
}
