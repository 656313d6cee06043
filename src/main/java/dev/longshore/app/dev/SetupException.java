package dev.longshore.app.dev;

import org.jspecify.annotations.Nullable;

/**
 * A step of setting up the machine could not be done; says why, and what a person can do about it.
 */
public final class SetupException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    /**
     * Makes one.
     *
     * @param message what could not be done and why
     * @param remedy what to do, as commands where possible
     */
    public SetupException(String message, String remedy) {
        this(message, remedy, null);
    }

    /** As the other, with the failure behind it. */
    public SetupException(String message, String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** What a person can do; may have several lines. */
    public String remedy() {
        return remedy;
    }
}
