package dev.longshore.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Container;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Short questions to one engine, by docker-java. Every method blocks and throws docker-java's
 * exceptions: called by the threads of {@link Calls} only.
 */
final class EngineCalls implements AutoCloseable {
    private final DockerClientConfig config;
    private final DockerClient client;
    private final ApiVersion api;

    EngineCalls(DockerSettings settings, ApiVersion api) {
        this.api = api;
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
                orEmpty(info.getCGroupVersion()));
    }

    ImageView image(String reference) {
        InspectImageResponse image = client.inspectImageCmd(reference).exec();
        return new ImageView(
                image.getId(), image.getRepoDigests() == null ? List.of() : image.getRepoDigests());
    }

    String create(ContainerSpec spec) {
        return ContainerSpecs.fill(client.createContainerCmd(spec.engine().image()), spec)
                .exec()
                .getId();
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
     * What the user's own {@code ~/.docker/config.json} says for the image's registry, as headers
     * of a pull.
     */
    Map<String, String> registryHeaders(String reference) {
        AuthConfig auth = config.effectiveAuthConfig(reference);
        if (auth == null) {
            return Map.of();
        }
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
