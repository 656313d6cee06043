package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

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
 * @param stopSignal the signal that asks the program to end, such as {@code SIGTERM}, or null for
 *     SIGTERM
 * @param stopGrace how long the program has between that signal and SIGKILL, or null for the node's
 *     default
 * @param platform {@code os/architecture} of the image, such as {@code linux/amd64}, or null for
 *     the engine's own
 * @param registryAuth the name of a credential that the node holds, or null; never the secret
 * @param isolation how the program is kept apart from its host
 * @param networking how it reaches others
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
        @Nullable Duration stopGrace,
        @Nullable String platform,
        @Nullable String registryAuth,
        Isolation isolation,
        Networking networking) {
    /** Copies the collections; refuses nulls by name. */
    public EngineSpec {
        Checks.required(image, "image");
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        Checks.required(pullPolicy, "pullPolicy");
        labels = Map.copyOf(labels);
        Checks.required(isolation, "isolation");
        Checks.required(networking, "networking");
    }

    /** A spec that asks for nothing of platform, credential, isolation and network. */
    public EngineSpec(
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
        this(
                image,
                entrypoint,
                command,
                environment,
                workingDirectory,
                user,
                pullPolicy,
                labels,
                stopSignal,
                stopGrace,
                null,
                null,
                Isolation.DEFAULTS,
                Networking.DEFAULTS);
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
                grace,
                platform,
                registryAuth,
                isolation,
                networking);
    }

    /** The same spec, with another program in the same image. */
    public EngineSpec withProgram(List<String> otherEntrypoint, List<String> otherCommand) {
        return new EngineSpec(
                image,
                otherEntrypoint,
                otherCommand,
                environment,
                workingDirectory,
                user,
                pullPolicy,
                labels,
                stopSignal,
                stopGrace,
                platform,
                registryAuth,
                isolation,
                networking);
    }

    /** The same spec, with these variables and no others. */
    public EngineSpec withEnvironment(Map<String, String> otherEnvironment) {
        return new EngineSpec(
                image,
                entrypoint,
                command,
                otherEnvironment,
                workingDirectory,
                user,
                pullPolicy,
                labels,
                stopSignal,
                stopGrace,
                platform,
                registryAuth,
                isolation,
                networking);
    }

    /** The same spec for another image, or for the same one by its id. */
    public EngineSpec withImage(String otherImage) {
        return new EngineSpec(
                otherImage,
                entrypoint,
                command,
                environment,
                workingDirectory,
                user,
                pullPolicy,
                labels,
                stopSignal,
                stopGrace,
                platform,
                registryAuth,
                isolation,
                networking);
    }

    /** The same spec, kept apart and reaching others in this way. */
    public EngineSpec with(Isolation otherIsolation, Networking otherNetworking) {
        return new EngineSpec(
                image,
                entrypoint,
                command,
                environment,
                workingDirectory,
                user,
                pullPolicy,
                labels,
                stopSignal,
                stopGrace,
                platform,
                registryAuth,
                otherIsolation,
                otherNetworking);
    }

    /** Leaves the values of the environment out: they may be secrets. */
    @Override
    public String toString() {
        return "EngineSpec[image="
                + image
                + ", command of "
                + command.size()
                + " words, environment of "
                + environment.keySet()
                + "]";
    }
}
