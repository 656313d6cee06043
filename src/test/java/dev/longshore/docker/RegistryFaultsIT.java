package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;

/** A real engine and a registry on this machine that does not do what a registry should. */
class RegistryFaultsIT extends OnContext {
    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private final byte[] layer = ("no layer " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
    private final byte[] config =
            new JsonObject()
                    .put("architecture", "amd64")
                    .put("os", "linux")
                    .put("config", new JsonObject().put("Cmd", JsonArray.of("true")))
                    .put(
                            "rootfs",
                            new JsonObject()
                                    .put("type", "layers")
                                    .put("diff_ids", JsonArray.of(digest(layer))))
                    .encode()
                    .getBytes(StandardCharsets.UTF_8);
    private HttpServer registry;
    private Docker docker;
    private String reference;
    private volatile Fault fault = Fault.NO_MANIFEST;

    private enum Fault {
        STALLS_AT_ONCE,
        STALLS_IN_A_LAYER,
        ANOTHER_LAYER,
        ANOTHER_CONFIG,
        NO_MANIFEST
    }

    @BeforeEach
    void open() {
        registry =
                ask(
                        () ->
                                vertx.createHttpServer()
                                        .requestHandler(this::answer)
                                        .listen(0, "127.0.0.1"));
        reference = "127.0.0.1:" + registry.actualPort() + "/team/app:1";
        DockerSettings usual = RealEngine.settings();
        docker =
                DockerJava.create(
                        vertx,
                        new DockerSettings(
                                usual.host(),
                                usual.callDeadline(),
                                usual.startDeadline(),
                                SILENCE,
                                usual.callThreads(),
                                usual.stopThreads(),
                                usual.maxApiVersion()));
    }

    @AfterEach
    void close() {
        ask(docker::close);
        ask(registry::close);
    }

    @Test
    void a_registry_that_says_nothing_ends_the_pull_in_time() {
        assertSilent(Fault.STALLS_AT_ONCE);
    }

    @Test
    void a_registry_that_stops_in_the_middle_of_a_layer_ends_the_pull_in_time() {
        assertSilent(Fault.STALLS_IN_A_LAYER);
    }

    @Test
    void a_layer_that_is_another_one_is_refused() {
        assertThatThrownBy(() -> pull(Fault.ANOTHER_LAYER))
                .isInstanceOf(DockerFailure.PullFailed.class)
                .hasMessageContaining("verif");
    }

    @Test
    void a_configuration_that_is_another_one_is_refused() {
        assertThatThrownBy(() -> pull(Fault.ANOTHER_CONFIG))
                .isInstanceOf(DockerFailure.PullFailed.class)
                .hasMessageContaining("verif");
    }

    @Test
    void what_is_no_manifest_is_refused() {
        assertThatThrownBy(() -> pull(Fault.NO_MANIFEST))
                .isInstanceOf(DockerFailure.PullFailed.class);
    }

    private void assertSilent(Fault kind) {
        long began = System.nanoTime();

        assertThatThrownBy(() -> pull(kind))
                .isInstanceOf(DockerFailure.PullFailed.class)
                .hasMessageContaining("is its registry in reach?");
        // Its own deadline, not the engine's, which has none.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(SILENCE);
    }

    private void pull(Fault kind) {
        fault = kind;
        ask(() -> docker.pull(PullRequest.of(reference), progress -> {}));
    }

    private void answer(HttpServerRequest request) {
        String path = request.path();
        HttpServerResponse response = request.response();
        if (fault == Fault.STALLS_AT_ONCE) {
            return; // for ever
        }
        if (path.startsWith("/v2/team/app/manifests/")) {
            byte[] manifest =
                    fault == Fault.NO_MANIFEST
                            ? "{\"schemaVersion\":2,".getBytes(StandardCharsets.UTF_8)
                            : manifest();
            response.putHeader("Content-Type", MANIFEST)
                    .putHeader("Docker-Content-Digest", digest(manifest));
            send(request, manifest);
        } else if (path.equals("/v2/team/app/blobs/" + digest(config))) {
            send(request, fault == Fault.ANOTHER_CONFIG ? new byte[config.length] : config);
        } else if (path.startsWith("/v2/team/app/blobs/")) {
            if (fault == Fault.STALLS_IN_A_LAYER) {
                response.putHeader("Content-Length", Integer.toString(layer.length))
                        .write(new String(layer, 0, 5, StandardCharsets.UTF_8));
            } else {
                send(request, new byte[layer.length]);
            }
        } else {
            response.putHeader("Content-Type", "application/json").end("{}");
        }
    }

    private static void send(HttpServerRequest request, byte[] body) {
        HttpServerResponse response = request.response();
        response.putHeader("Content-Length", Integer.toString(body.length));
        if (request.method().name().equals("HEAD")) {
            response.end();
        } else {
            response.end(new String(body, StandardCharsets.UTF_8));
        }
    }

    private byte[] manifest() {
        return new JsonObject()
                .put("schemaVersion", 2)
                .put("mediaType", MANIFEST)
                .put("config", blob("application/vnd.docker.container.image.v1+json", config))
                .put(
                        "layers",
                        JsonArray.of(
                                blob("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)))
                .encode()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject blob(String type, byte[] content) {
        return new JsonObject()
                .put("mediaType", type)
                .put("size", content.length)
                .put("digest", digest(content));
    }

    private static String digest(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
