package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How to speak with one engine.
 *
 * @param host {@code unix:///path/to/socket} or {@code tcp://host:port}; the environment is the
 *     caller's business
 * @param callDeadline longest time that a call may take, waiting for its turn included: 30 s
 * @param startDeadline the same for the start of a container, which waits for the kernel: 60 s
 * @param pullSilence how long a pull may say nothing before it counts as failed: 5 min
 * @param callThreads threads of the worker pool {@code docker}, and kept connections for what every
 *     job asks: 16
 * @param stopThreads the same of {@code docker-stop}, for what ends containers: 8
 * @param maxApiVersion newest API version that we speak: 1.44
 * @param credentials by the name that a job may give; none
 * @param groupFile the groups of the engine's host, for AMD's and Intel's GPUs: {@code /etc/group}
 * @param runtime the OCI runtime of containers that ask for none, such as {@code crun}; null for
 *     the engine's own
 */
public record DockerSettings(
        URI host,
        Duration callDeadline,
        Duration startDeadline,
        Duration pullSilence,
        int callThreads,
        int stopThreads,
        String maxApiVersion,
        Map<String, RegistryCredential> credentials,
        Path groupFile,
        @Nullable String runtime) {
    private static final Path GROUP_FILE = Path.of("/etc/group");

    /** Refuses nulls by name, and times and sizes that are not positive. */
    public DockerSettings {
        Objects.requireNonNull(host, "host");
        positive(callDeadline, "callDeadline");
        positive(startDeadline, "startDeadline");
        positive(pullSilence, "pullSilence");
        if (callThreads < 1 || stopThreads < 1) {
            throw new IllegalArgumentException("callThreads and stopThreads must be at least 1");
        }
        Objects.requireNonNull(maxApiVersion, "maxApiVersion");
        ApiVersion.parse(maxApiVersion);
        credentials = Map.copyOf(credentials);
        Objects.requireNonNull(groupFile, "groupFile");
    }

    /** Without credentials, on a host whose groups are this one's. */
    public DockerSettings(
            URI host,
            Duration callDeadline,
            Duration startDeadline,
            Duration pullSilence,
            int callThreads,
            int stopThreads,
            String maxApiVersion) {
        this(
                host,
                callDeadline,
                startDeadline,
                pullSilence,
                callThreads,
                stopThreads,
                maxApiVersion,
                Map.of(),
                GROUP_FILE,
                null);
    }

    /** The local engine at its usual socket. */
    public static DockerSettings defaults() {
        return new DockerSettings(
                URI.create("unix:///var/run/docker.sock"),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                16,
                8,
                "1.44");
    }

    /** The same, of another engine. */
    public DockerSettings withHost(URI other) {
        return changed(draft -> draft.host = other);
    }

    /** The same, with these credentials. */
    public DockerSettings withCredentials(Map<String, RegistryCredential> others) {
        return changed(draft -> draft.credentials = others);
    }

    /** The same, on a host whose groups are in this file. */
    public DockerSettings withGroupFile(Path other) {
        return changed(draft -> draft.groupFile = other);
    }

    /** The same, with this runtime for containers that ask for none. */
    public DockerSettings withRuntime(@Nullable String other) {
        return changed(draft -> draft.runtime = other);
    }

    /** The same, with this deadline for every call, starts included. */
    public DockerSettings withDeadline(Duration deadline) {
        return changed(
                draft -> {
                    draft.callDeadline = deadline;
                    draft.startDeadline = deadline;
                });
    }

    private DockerSettings changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new DockerSettings(
                draft.host,
                draft.callDeadline,
                draft.startDeadline,
                pullSilence,
                callThreads,
                stopThreads,
                maxApiVersion,
                draft.credentials,
                draft.groupFile,
                draft.runtime);
    }

    /** What of settings can be changed one by one. */
    private static final class Draft {
        private URI host;
        private Duration callDeadline;
        private Duration startDeadline;
        private Map<String, RegistryCredential> credentials;
        private Path groupFile;
        private @Nullable String runtime;

        Draft(DockerSettings settings) {
            host = settings.host;
            callDeadline = settings.callDeadline;
            startDeadline = settings.startDeadline;
            credentials = settings.credentials;
            groupFile = settings.groupFile;
            runtime = settings.runtime;
        }
    }

    private static void positive(Duration value, String field) {
        if (!Objects.requireNonNull(value, field).isPositive()) {
            throw new IllegalArgumentException(field + " must be positive, was " + value);
        }
    }
}
