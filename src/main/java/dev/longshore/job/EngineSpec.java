package dev.longshore.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to run in the container: the engine-specific part of a start command.
 *
 * @param image image reference, a digest is welcome
 * @param entrypoint replaces the image's entry point; empty keeps it
 * @param command replaces the image's command; empty keeps it
 * @param environment variables added to the image's; values may be secret and never leave the node
 * @param workingDirectory absolute path in the container, or null for the image's
 * @param user {@code user[:group]} by name or number, or null for the image's
 * @param pullPolicy when to fetch the image
 * @param labels the producer's own container labels
 * @param stopSignal the signal that asks the program to end, such as {@code SIGTERM}, or null for SIGTERM
 * @param stopGrace how long the program has between that signal and SIGKILL, or null for the node's default
 */
public record EngineSpec(
        String image,
        List<String> entrypoint,
        List<String> command,
        Map<String, String> environment,
        @Nullable String workingDirectory,
        @Nullable String user,
        PullPolicy pullPolicy,
        Map<String, String> labels,
        @Nullable String stopSignal,
        @Nullable Duration stopGrace) {
    /** Copies the collections; refuses nulls by name. */
    public EngineSpec {
        Checks.required(image, "image");
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        Checks.required(pullPolicy, "pullPolicy");
        labels = Map.copyOf(labels);
    }

    /** The smallest spec: an image and its command, every other field at its default. */
    public static EngineSpec of(String image, String... command) {
        return new EngineSpec(
                image,
                List.of(),
                List.of(command),
                Map.of(),
                null,
                null,
                PullPolicy.MISSING,
                Map.of(),
                null,
                null);
    }

    /** The same spec with this way to be stopped. */
    public EngineSpec withStop(String signal, Duration grace) {
        return new EngineSpec(
                image,
                entrypoint,
                command,
                environment,
                workingDirectory,
                user,
                pullPolicy,
                labels,
                signal,
                grace);
    }

    /** Leaves the values of the environment out: they may be secrets. */
    @Override
    public String toString() {
        return "EngineSpec[image=" + image + ", command of " + command.size() + " words, environment of "
                + environment.keySet() + "]";
    }
}
