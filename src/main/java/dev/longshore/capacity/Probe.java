package dev.longshore.capacity;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Runs a tool of the host, such as {@code nvidia-smi}. Called by {@link GpuInventory} on a thread
 * that may block.
 */
@FunctionalInterface
public interface Probe {
    /**
     * Runs it and waits for its end. A tool that is not there answers with {@link Answer#ABSENT},
     * one that takes longer than {@code deadline} is given up with {@link Answer#LATE}; never
     * throws.
     *
     * @param command the tool and its arguments
     */
    Answer run(List<String> command, Duration deadline);

    /**
     * How a tool ended.
     *
     * @param exitCode its exit code, or one of the constants here
     * @param output what it printed on both streams, or why it did not run
     */
    record Answer(int exitCode, String output) {
        /** There is no such tool, as a shell says it. */
        public static final int ABSENT = 127;

        /** It did not end in time, as {@code timeout} says it. */
        public static final int LATE = 124;

        /** Refuses null. */
        public Answer {
            Objects.requireNonNull(output, "output");
        }
    }
}
