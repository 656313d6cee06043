package dev.longshore.executor;

import org.jspecify.annotations.Nullable;

/**
 * What one attempt of an execution is doing. Each case carries only what is valid in it. A step's
 * answer counts only while the very phase object that the step belongs to is still the current one.
 */
sealed interface Phase {
    /** The container whose log can be read from the engine, or null. */
    default @Nullable ContainerRun run() {
        return null;
    }

    /** Waits for capacity. */
    final class Waiting implements Phase {}

    /** Capacity is granted; the image, and then what the job names by URL, is being fetched. */
    final class Preparing implements Phase {}

    /** The engine was asked for a container. */
    final class Creating implements Phase {}

    /** The container exists and the engine was asked to start it, or to remove it again. */
    final class Starting implements Phase {}

    /** The program runs. */
    record Running(ContainerRun run) implements Phase {}

    /** The program has ended; the rest of its log, and then its outputs, are on the way. */
    record Draining(ContainerRun run) implements Phase {}

    /** How it ended is known. */
    final class Over implements Phase {}
}
