package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Places in an execution's life where a test lets the process halt, as if it had been killed just
 * there: the system property {@code longshore.crash-at} names one, and with {@code NAME:3} it is
 * passed twice before. Without the property, as everywhere but in tests, passing one is a
 * comparison and nothing else. From any thread.
 */
public enum CrashPoint {
    /** Kafka has the status {@code accepted} of the first attempt. */
    AFTER_ACCEPTED,
    /** The engine is about to be asked for a container. */
    BEFORE_CREATE,
    /** There is a container, and the start command is not let go of. */
    AFTER_CREATE,
    /** Kafka has the offset behind a start command. */
    AFTER_COMMIT,
    /** The engine is about to be asked to start the container. */
    BEFORE_START,
    /** The program runs, and nobody was told. */
    AFTER_START,
    /** Kafka has the first lines of the log. */
    WHILE_RUNNING,
    /** The program has ended, and nothing was drawn from that. */
    AFTER_EXIT,
    /** The log was read to its end, and the result is about to be published. */
    BEFORE_RESULT,
    /** Kafka has the result, and the container is still there. */
    AFTER_RESULT,
    /** The container is gone. */
    AFTER_REMOVE,
    /** Kafka has heard that another attempt follows. */
    BETWEEN_ATTEMPTS,
    /** The node was told to stop, and lets go of what runs. */
    WHILE_DRAINING;

    /** The exit code of a process that was killed by SIGKILL. */
    public static final int EXIT_CODE = 137;

    private static final @Nullable String CHOSEN = System.getProperty("longshore.crash-at");
    private static final String NAME =
            CHOSEN == null ? "" : CHOSEN.substring(0, (CHOSEN + ":").indexOf(':'));
    private static final AtomicInteger LEFT =
            new AtomicInteger(
                    CHOSEN == null || NAME.equals(CHOSEN)
                            ? 1
                            : Integer.parseInt(CHOSEN.substring(NAME.length() + 1)));

    /** Halts the process, if it was told to halt here. */
    public void passed() {
        if (CHOSEN != null && name().equals(NAME) && LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
