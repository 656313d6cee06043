package dev.longshore.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Grant;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What we ask of the engine for a {@link ContainerSpec}. Pure; the same spec gives the same
 * request, byte by byte.
 */
final class ContainerSpecs {
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);
    private static final long SHM_BYTES = 64L << 20;

    private ContainerSpecs() {}

    /** Writes all of {@code spec} into {@code command}. */
    static CreateContainerCmd fill(CreateContainerCmd command, ContainerSpec spec) {
        EngineSpec engine = spec.engine();
        command.withName(spec.name())
                .withImage(engine.image())
                .withLabels(new TreeMap<>(spec.labels()))
                .withEnv(environment(engine.environment()))
                .withTty(false)
                .withStdinOpen(false)
                .withAttachStdin(false)
                .withAttachStdout(false)
                .withAttachStderr(false)
                .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                .withStopSignal(engine.stopSignal() == null ? "SIGTERM" : engine.stopSignal())
                .withStopTimeout(
                        wholeSeconds(
                                engine.stopGrace() == null ? DEFAULT_GRACE : engine.stopGrace()))
                .withHostConfig(hostConfig(spec.grant()));
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

    /** The limits, and the least rights with which a program can run. */
    static HostConfig hostConfig(Grant grant) {
        return HostConfig.newHostConfig()
                .withMemory(grant.memoryBytes())
                // The same again: no swap on top of the memory.
                .withMemorySwap(grant.memoryBytes())
                .withNanoCPUs(grant.cpuNanos())
                .withPidsLimit((long) grant.pids())
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges:true"))
                .withPrivileged(false)
                .withNetworkMode("none")
                .withIpcMode("private")
                .withShmSize(SHM_BYTES)
                .withUlimits(List.of(new Ulimit("core", 0L, 0L)))
                // Reaps the program's orphans and passes signals on, so that a shell script ends on
                // SIGTERM.
                .withInit(true)
                // The container is the record of what happened: it goes only when we remove it.
                .withAutoRemove(false)
                .withRestartPolicy(RestartPolicy.noRestart())
                .withLogConfig(logConfig());
    }

    /**
     * One file that is never rotated: a rotated log loses lines under a reader. Every key is given,
     * because the engine fills in a missing one from its own settings.
     */
    private static LogConfig logConfig() {
        Map<String, String> options =
                new TreeMap<>(
                        Map.of(
                                "max-size",
                                "1t",
                                "max-file",
                                "1",
                                "compress",
                                "false",
                                "mode",
                                "blocking"));
        return new LogConfig(LogConfig.LoggingType.JSON_FILE, options);
    }

    private static List<String> environment(Map<String, String> environment) {
        return new TreeMap<>(environment)
                .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }

    private static int wholeSeconds(Duration grace) {
        return (int) Math.min(Integer.MAX_VALUE, grace.plusMillis(999).toSeconds());
    }
}
