package dev.longshore.bench;

/** A benchmark could not be carried out; the message is for people and says what was missing. */
public final class BenchFailure extends RuntimeException {
    /** Makes one. */
    public BenchFailure(String message) {
        super(message);
    }

    /** Makes one with what is behind it. */
    public BenchFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
