package dev.longshore.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Short questions to one engine, by docker-java. Every method blocks and throws docker-java's
 * exceptions: called by the threads of {@link Calls} only.
 */
final class EngineCalls implements AutoCloseable {
    private final DockerClientConfig config;
    private final DockerClient client;
    private final ApiVersion api;
    private final Map<String, RegistryCredential> credentials;
    private final Path groupFile;

    EngineCalls(DockerSettings settings, ApiVersion api) {
        this.api = api;
        this.credentials = settings.credentials();
        this.groupFile = settings.groupFile();
        this.config =
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(settings.host().toString())
                        .withApiVersion(api.toString())
                        .withDockerTlsVerify(false)
                        .build();
        // Over tcp an interrupt does not free a thread that reads; there, and only there, this
        // timeout does.
        Duration longest =
                settings.callDeadline().compareTo(settings.startDeadline()) > 0
                        ? settings.callDeadline()
                        : settings.startDeadline();
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

    EngineInfo info() {
        Info info = client.infoCmd().exec();
        return new EngineInfo(
                orEmpty(info.getName()),
                orEmpty(info.getServerVersion()),
                api.toString(),
                info.getNCPU() == null ? 0 : info.getNCPU(),
                info.getMemTotal() == null ? 0 : info.getMemTotal(),
                orEmpty(info.getCGroupVersion()),
                takesCdi(info));
    }

    /** An engine that takes CDI names says where it looks for what they mean. */
    private static boolean takesCdi(Info info) {
        return info.getRawValues().get("CDISpecDirs") instanceof Collection<?> directories
                && !directories.isEmpty();
    }

    ImageView image(String reference) {
        InspectImageResponse image = client.inspectImageCmd(reference).exec();
        return new ImageView(
                image.getId(), image.getRepoDigests() == null ? List.of() : image.getRepoDigests());
    }

    /**
     * Makes the container and looks whether the engine holds what was asked for; what it does not
     * hold right is removed again.
     *
     * @throws DockerFailure.Refused naming each difference
     */
    String create(ContainerSpec spec) {
        CreateContainerCmd command =
                ContainerSpecs.fill(
                        client.createContainerCmd(spec.engine().image()), spec, facts(spec));
        HostConfig asked = Objects.requireNonNull(command.getHostConfig(), "hostConfig");
        String id = command.exec().getId();
        List<String> differences =
                EffectiveCheck.differences(
                        asked, client.inspectContainerCmd(id).exec().getHostConfig());
        if (differences.isEmpty()) {
            return id;
        }
        client.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
        throw new DockerFailure.Refused(
                DockerFailures.line(
                        "create container "
                                + spec.name()
                                + ": the engine changed what was asked for: "
                                + String.join(", ", differences)),
                400);
    }

    /** Asked only where a GPU is to be given: it costs a call and a file. */
    private HostFacts facts(ContainerSpec spec) {
        if (spec.grant().gpus().isEmpty()) {
            return HostFacts.NONE;
        }
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

    ContainerView inspect(String idOrName) {
        return ContainerViews.of(client.inspectContainerCmd(idOrName).exec());
    }

    /**
     * The engine's list lacks exit code, OOM flag and times: each container is inspected too (about
     * 2 ms each, one after the other, so that a long list does not take all threads). One that goes
     * in between is left out.
     */
    List<ContainerView> list(Map<String, String> labels) {
        return client.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec().stream()
                .map(Container::getId)
                .flatMap(this::inspectIfThere)
                .toList();
    }

    private Stream<ContainerView> inspectIfThere(String id) {
        try {
            return Stream.of(inspect(id));
        } catch (NotFoundException e) {
            return Stream.empty(); // gone since it was listed
        }
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
        for (InspectVolumeResponse volume :
                volumes == null ? List.<InspectVolumeResponse>of() : volumes) {
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

    /**
     * Who we are to the image's registry, as headers of a pull: the named credential, else what the
     * user's own {@code ~/.docker/config.json} says.
     *
     * @throws DockerFailure.ImageDenied where there is no such credential, or it is another
     *     registry's: it is never shown to one that it was not meant for
     */
    Map<String, String> registryHeaders(PullRequest request) {
        if (request.credential() != null) {
            return header(authOf(request, request.credential()));
        }
        AuthConfig auth = config.effectiveAuthConfig(request.reference());
        return auth == null ? Map.of() : header(auth);
    }

    private AuthConfig authOf(PullRequest request, String name) {
        RegistryCredential credential = credentials.get(name);
        String what = "pull " + request.reference() + ": ";
        if (credential == null) {
            throw new DockerFailure.ImageDenied(
                    DockerFailures.line(what + "this node has no credential named " + name));
        }
        String registry = ImageReference.parse(request.reference()).registry();
        if (!registry.equals(credential.registry())) {
            throw new DockerFailure.ImageDenied(
                    DockerFailures.line(
                            what
                                    + "the credential "
                                    + name
                                    + " is for "
                                    + credential.registry()
                                    + ", not for "
                                    + registry));
        }
        AuthConfig auth = new AuthConfig().withRegistryAddress(credential.registry());
        return credential.isToken()
                ? auth.withIdentityToken(credential.password())
                : auth.withUsername(credential.username()).withPassword(credential.password());
    }

    private static Map<String, String> header(AuthConfig auth) {
        JsonObject json = new JsonObject();
        putIfThere(json, "username", auth.getUsername());
        putIfThere(json, "password", auth.getPassword());
        putIfThere(json, "email", auth.getEmail());
        putIfThere(json, "serveraddress", auth.getRegistryAddress());
        putIfThere(json, "identitytoken", auth.getIdentitytoken());
        putIfThere(json, "registrytoken", auth.getRegistrytoken());
        byte[] bytes = json.encode().getBytes(StandardCharsets.UTF_8);
        return Map.of("X-Registry-Auth", Base64.getUrlEncoder().encodeToString(bytes));
    }

    private static void putIfThere(JsonObject json, String key, @Nullable String value) {
        if (value != null) {
            json.put(key, value);
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
