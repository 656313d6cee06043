package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whether a registry would give an image, asked of an engine that answers what the test says. */
class AccessCheckTest extends OnContext {
    private static final String THERE = "{\"Descriptor\":{\"digest\":\"sha256:1\"}}";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<JsonObject> shown = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String answer = THERE;
    private volatile boolean mute;
    private HttpServer server;
    private Docker docker;

    @BeforeEach
    void openServer() {
        server =
                ask(
                        () ->
                                vertx.createHttpServer()
                                        .requestHandler(this::answer)
                                        .listen(0, "127.0.0.1"));
        docker = engine(DockerSettings.defaults().callDeadline());
    }

    private Docker engine(Duration deadline) {
        DockerSettings defaults = DockerSettings.defaults();
        return DockerJava.create(
                vertx,
                new DockerSettings(
                                URI.create("tcp://127.0.0.1:" + server.actualPort()),
                                deadline,
                                defaults.startDeadline(),
                                defaults.pullSilence(),
                                2,
                                2,
                                "1.44")
                        .withCredentials(
                                Map.of(
                                        "team",
                                        new RegistryCredential("reg:5000", "ann", "s3cret"))));
    }

    @AfterEach
    void closeServer() {
        ask(docker::close);
        ask(server::close);
    }

    private void answer(HttpServerRequest request) {
        if (request.path().equals("/version")) {
            request.response().end("{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}");
        } else if (request.path().contains("/distribution/")) {
            asked.add(request.method() + " " + request.path());
            String header = request.getHeader("X-Registry-Auth");
            if (header != null) {
                byte[] json = Base64.getUrlDecoder().decode(header);
                shown.add(new JsonObject(new String(json, StandardCharsets.UTF_8)));
            }
            if (!mute) {
                request.response().setStatusCode(status).end(answer);
            }
        } else {
            request.response().end("OK");
        }
    }

    private void check(String reference, @Nullable String credential) {
        ask(() -> docker.checkAccess(new PullRequest(reference, null, credential)));
    }

    @Test
    void asks_the_registry_as_whom_the_job_names() {
        check("reg:5000/a/far:1", "team");

        assertThat(asked).containsExactly("GET /v1.41/distribution/reg%3A5000/a/far%3A1/json");
        assertThat(shown)
                .containsExactly(
                        new JsonObject()
                                .put("username", "ann")
                                .put("password", "s3cret")
                                .put("serveraddress", "reg:5000"));
    }

    @Test
    void a_registry_that_says_no_is_denied() {
        status = 401;
        answer = "{\"message\":\"unauthorized: authentication required\"}";
        assertThatThrownBy(() -> check("reg:5000/far:1", null))
                .isInstanceOf(DockerFailure.ImageDenied.class);
        status = 500;
        answer = "{\"message\":\"Get \\\"http://reg/v2/\\\": no basic auth credentials\"}";
        assertThatThrownBy(() -> check("reg:5000/far:1", null))
                .isInstanceOf(DockerFailure.ImageDenied.class);
    }

    @Test
    void a_credential_of_another_registry_is_denied_and_not_shown() {
        assertThatThrownBy(() -> check("elsewhere:5000/far:1", "team"))
                .isInstanceOf(DockerFailure.ImageDenied.class);
        assertThatThrownBy(() -> check("reg:5000/far:1", "other"))
                .isInstanceOf(DockerFailure.ImageDenied.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void a_registry_that_is_away_is_no_yes() {
        status = 500;
        answer = "{\"message\":\"dial tcp 10.0.0.1:5000: connect: connection refused\"}";
        assertThatThrownBy(() -> check("reg:5000/far:1", "team"))
                .isInstanceOf(DockerFailure.PullFailed.class)
                .hasMessageContaining("connection refused");
    }

    @Test
    void a_registry_that_is_silent_is_not_taken_for_an_engine_that_is() {
        check("reg:5000/far:1", "team"); // what the first question costs is no silence
        mute = true;
        ask(docker::close);
        docker = engine(Duration.ofSeconds(3));
        assertThatThrownBy(() -> check("reg:5000/far:1", "team"))
                .isInstanceOf(DockerFailure.PullFailed.class)
                .hasMessageContaining("is its registry in reach?");
    }

    @Test
    void an_answer_that_describes_no_image_is_no_yes() {
        for (String other : List.of("{}", "[]", "OK", "{\"Descriptor\":null}")) {
            answer = other;
            assertThatThrownBy(() -> check("reg:5000/far:1", "team"))
                    .as(other)
                    .isInstanceOf(DockerFailure.PullFailed.class);
        }
    }
}
