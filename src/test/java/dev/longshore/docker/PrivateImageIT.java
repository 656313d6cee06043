package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.testing.TestEngine;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** A real engine between us and a registry on this machine that wants a password. */
class PrivateImageIT extends OnContext {
    private static final String LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    private static final String RIGHT = basic("ann", "s3cret");

    private HttpServer registry;
    private Docker docker;
    private String reference;

    @BeforeEach
    void open() {
        registry =
                ask(
                        () ->
                                vertx.createHttpServer()
                                        .requestHandler(this::answer)
                                        .listen(0, "127.0.0.1"));
        String host = "127.0.0.1:" + registry.actualPort();
        reference = host + "/team/app:1";
        docker =
                DockerJava.create(
                        vertx,
                        RealEngine.settings()
                                .withCredentials(
                                        Map.of(
                                                "team",
                                                new RegistryCredential(host, "ann", "s3cret"),
                                                "other",
                                                new RegistryCredential(host, "bob", "guess"))));
    }

    @AfterEach
    void close() {
        ask(docker::close);
        ask(registry::close);
    }

    @Test
    void an_image_that_is_here_is_given_only_to_who_could_fetch_it() throws Exception {
        try (EngineCalls calls = new EngineCalls(RealEngine.settings(), ApiVersion.OLDEST)) {
            String repository = reference.substring(0, reference.lastIndexOf(':'));
            calls.client().tagImageCmd(TestEngine.image(), repository, "1").exec();
        }
        try {
            assertThat(ask(() -> docker.inspectImage(reference)).id()).isNotBlank();
            assertThatCode(() -> check("team")).doesNotThrowAnyException();
            assertThatThrownBy(() -> check("other"))
                    .isInstanceOf(DockerFailure.ImageDenied.class)
                    .hasMessageNotContaining("guess");
            assertThatThrownBy(() -> check(null)).isInstanceOf(DockerFailure.ImageDenied.class);
        } finally {
            ask(() -> docker.removeImage(reference));
        }
    }

    @Test
    void a_registry_that_is_away_is_no_yes() {
        ask(registry::close);

        assertThatThrownBy(() -> check("team")).isInstanceOf(DockerFailure.PullFailed.class);
    }

    private void check(@Nullable String credential) {
        ask(() -> docker.checkAccess(new PullRequest(reference, null, credential)));
    }

    private void answer(HttpServerRequest request) {
        if (!RIGHT.equals(request.getHeader("Authorization"))) {
            request.response()
                    .setStatusCode(401)
                    .putHeader("WWW-Authenticate", "Basic realm=\"test\"")
                    .putHeader("Content-Type", "application/json")
                    .end(
                            "{\"errors\":[{\"code\":\"UNAUTHORIZED\","
                                    + "\"message\":\"authentication required\"}]}");
        } else if (request.path().startsWith("/v2/team/app/manifests/")) {
            byte[] manifest = manifest();
            request.response()
                    .putHeader("Content-Type", LIST)
                    .putHeader("Docker-Content-Digest", "sha256:" + sha256(manifest))
                    .putHeader("Content-Length", Integer.toString(manifest.length));
            if (request.method().name().equals("HEAD")) {
                request.response().end();
            } else {
                request.response().end(new String(manifest, StandardCharsets.UTF_8));
            }
        } else {
            request.response().putHeader("Content-Type", "application/json").end("{}");
        }
    }

    private static byte[] manifest() {
        JsonObject image =
                new JsonObject()
                        .put("mediaType", "application/vnd.docker.distribution.manifest.v2+json")
                        .put("size", 2)
                        .put("digest", "sha256:" + "a".repeat(64))
                        .put(
                                "platform",
                                new JsonObject().put("os", "linux").put("architecture", "amd64"));
        return new JsonObject()
                .put("schemaVersion", 2)
                .put("mediaType", LIST)
                .put("manifests", JsonArray.of(image))
                .encode()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String basic(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
