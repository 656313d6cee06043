package dev.longshore.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HealthCheck;

import dev.longshore.job.EngineSpec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What we ask of the engine for a {@link ContainerSpec}. Pure; the same spec gives the same
 * request, byte by byte. What binds it to its host is {@link HostConfigs}'s.
 */
final class ContainerSpecs {
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

    private ContainerSpecs() {}

    /**
     * Writes all of {@code spec} into {@code command}.
     *
     * @throws DockerFailure.Refused for what no engine could be asked
     */
    static CreateContainerCmd fill(
            CreateContainerCmd command, ContainerSpec spec, HostFacts facts) {
        EngineSpec engine = spec.engine();
        command.withName(spec.name())
                .withImage(engine.image())
                .withLabels(new TreeMap<>(spec.labels()))
                .withEnv(environment(engine.environment()))
                .withTty(engine.isolation().tty())
                .withStdinOpen(false)
                .withAttachStdin(false)
                .withAttachStdout(false)
                .withAttachStderr(false)
                .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                .withStopSignal(engine.stopSignal() == null ? "SIGTERM" : engine.stopSignal())
                .withStopTimeout(
                        wholeSeconds(
                                engine.stopGrace() == null ? DEFAULT_GRACE : engine.stopGrace()))
                .withHostConfig(HostConfigs.of(spec, facts));
        if (engine.platform() != null) {
            command.withPlatform(engine.platform());
        }
        if (!engine.networking().ports().isEmpty()) {
            command.withExposedPorts(
                    engine.networking().ports().stream().map(HostConfigs::exposed).toList());
        }
        if (!engine.entrypoint().isEmpty()) {
            command.withEntrypoint(engine.entrypoint());
        }
        if (!engine.command().isEmpty()) {
            command.withCmd(engine.command());
        }
        if (engine.workingDirectory() != null) {
            command.withWorkingDir(engine.workingDirectory());
        }
        if (engine.user() != null) {
            command.withUser(engine.user());
        }
        return command;
    }

    private static List<String> environment(Map<String, String> environment) {
        return new TreeMap<>(environment)
                .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }

    private static int wholeSeconds(Duration grace) {
        return (int) Math.min(Integer.MAX_VALUE, grace.plusMillis(999).toSeconds());
    }
}
