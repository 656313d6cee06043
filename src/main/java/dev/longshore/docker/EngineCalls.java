package dev.longshore.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Short questions to one engine, by docker-java. Every method blocks and throws docker-java's
 * exceptions: called by the threads of {@link Calls} only.
 */
final class EngineCalls implements AutoCloseable {
    private final DockerClient client;
    private final ApiVersion api;
    private final RegistryHeaders registryHeaders;
    private final Path groupFile;

    EngineCalls(DockerSettings settings, ApiVersion api) {
        this.api = api;
        this.groupFile = settings.groupFile();
        DockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(settings.host().toString())
                        .withApiVersion(api.toString())
                        .withDockerTlsVerify(false)
                        .build();
        this.registryHeaders = new RegistryHeaders(config, settings.credentials());
        // Over tcp an interrupt does not free a thread that reads; there, and only there, this
        // timeout does.
        Duration longest =
                Collections.max(List.of(settings.callDeadline(), settings.startDeadline()));
        this.client =
                DockerClientImpl.getInstance(
                        config,
                        new ZerodepDockerHttpClient.Builder()
                                .dockerHost(URI.create(settings.host().toString()))
                                .maxConnections(
                                        2 * (settings.callThreads() + settings.stopThreads()))
                                .connectionTimeout(settings.callDeadline())
                                .responseTimeout(longest)
                                .build());
    }

    DockerClient client() {
        return client;
    }

    RegistryHeaders registryHeaders() {
        return registryHeaders;
    }

    EngineInfo info() {
        Info info = client.infoCmd().exec();
        return new EngineInfo(
                orEmpty(info.getName()),
                orEmpty(info.getServerVersion()),
                api.toString(),
                info.getNCPU() == null ? 0 : info.getNCPU(),
                info.getMemTotal() == null ? 0 : info.getMemTotal(),
                orEmpty(info.getCGroupVersion()),
                takesCdi(info),
                orEmpty(info.getDockerRootDir()));
    }

    /** An engine that takes CDI names says where it looks for what they mean. */
    private static boolean takesCdi(Info info) {
        return info.getRawValues().get("CDISpecDirs") instanceof Collection<?> directories
                && !directories.isEmpty();
    }

    List<ImageSummary> images() {
        return client.listImagesCmd().exec().stream()
                .map(
                        image ->
                                new ImageSummary(
                                        image.getId(),
                                        references(image.getRepoTags()),
                                        references(image.getRepoDigests()),
                                        image.getSize() == null ? 0 : image.getSize(),
                                        Instant.ofEpochSecond(
                                                image.getCreated() == null
                                                        ? 0
                                                        : image.getCreated())))
                .toList();
    }

    /** The engine writes none as one that is named so. */
    private static List<String> references(String @Nullable [] references) {
        return words(references).stream().filter(name -> !name.startsWith("<none>")).toList();
    }

    void removeImage(String idOrReference) {
        try {
            client.removeImageCmd(idOrReference).withForce(false).exec();
        } catch (NotFoundException e) {
            // gone: what was asked for
        }
    }

    /** Answers where the container's mounts are, each of which is an upload of its own. */
    List<String> copyIn(String containerId, List<CopyEntry> entries) {
        List<InspectContainerResponse.Mount> mounts =
                client.inspectContainerCmd(containerId).exec().getMounts();
        List<String> targets =
                orNone(mounts).stream().map(mount -> mount.getDestination().getPath()).toList();
        for (Map.Entry<String, byte[]> tar : CopyTars.of(entries, targets).entrySet()) {
            client.copyArchiveToContainerCmd(containerId)
                    .withRemotePath(tar.getKey())
                    .withNoOverwriteDirNonDir(true)
                    .withTarInputStream(new ByteArrayInputStream(tar.getValue()))
                    .exec();
        }
        return targets;
    }

    /** What decides how a GPU is handed to a container. */
    HostFacts facts() {
        GroupFile groups = GroupFile.read(groupFile);
        return new HostFacts(
                groups.number("video"), groups.number("render"), takesCdi(client.infoCmd().exec()));
    }

    /** Prepares a command in a running container; answers the id under which to start it. */
    String prepareExec(String containerId, List<String> command) {
        return client.execCreateCmd(containerId)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .withCmd(command.toArray(String[]::new))
                .exec()
                .getId();
    }

    /** The exit code of a command that was started, null while it runs. */
    @Nullable Integer execExitCode(String execId) {
        InspectExecResponse exec = client.inspectExecCmd(execId).exec();
        Long code = exec.getExitCodeLong();
        return Boolean.TRUE.equals(exec.isRunning()) || code == null ? null : code.intValue();
    }

    SweepReport sweep(Map<String, String> labels) {
        List<String> filter =
                labels.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .sorted()
                        .toList();
        Sweep sweep = new Sweep(new ArrayList<>(), new ArrayList<>());
        for (Network network : client.listNetworksCmd().withFilter("label", filter).exec()) {
            sweep.one("network", network.getName(), client.removeNetworkCmd(network.getId())::exec);
        }
        List<InspectVolumeResponse> volumes =
                client.listVolumesCmd().withFilter("label", filter).exec().getVolumes();
        for (InspectVolumeResponse volume : orNone(volumes)) {
            sweep.one("volume", volume.getName(), client.removeVolumeCmd(volume.getName())::exec);
        }
        return new SweepReport(sweep.removed, sweep.failures);
    }

    /** One thing that cannot be removed does not keep the others. */
    private record Sweep(List<String> removed, List<String> failures) {
        void one(String kind, String name, Runnable removal) {
            try {
                removal.run();
                removed.add(name);
            } catch (NotFoundException e) {
                removed.add(name); // by somebody else: it is gone all the same
            } catch (DockerException e) {
                failures.add(DockerFailures.of("remove " + kind + " " + name, e).getMessage());
            }
        }
    }

    private static List<String> words(String @Nullable [] words) {
        return words == null ? List.of() : List.of(words);
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
