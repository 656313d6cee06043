package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.PullState;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

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

/** A pull from an engine that answers what the test says. */
class PullTest extends OnContext {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<JsonObject> shown = new CopyOnWriteArrayList<>();
    private final List<PullState> progress = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String items = "";
    private volatile boolean silent;
    private volatile boolean mute;
    private volatile boolean deaf;
    private volatile boolean there = true;
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
        DockerSettings defaults = DockerSettings.defaults();
        docker =
                DockerJava.create(
                        vertx,
                        new DockerSettings(
                                        URI.create("tcp://127.0.0.1:" + server.actualPort()),
                                        defaults.callDeadline(),
                                        defaults.startDeadline(),
                                        Duration.ofMillis(400),
                                        2,
                                        2,
                                        "1.44")
                                .withCredentials(
                                        Map.of(
                                                "team",
                                                new RegistryCredential(
                                                        "reg:5000", "ann", "s3cret"))));
    }

    @AfterEach
    void closeServer() {
        ask(docker::close);
        ask(server::close);
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (request.path().equals("/version")) {
            response.end("{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}");
        } else if (request.path().endsWith("/images/create")) {
            asked.add(request.query());
            String header = request.getHeader("X-Registry-Auth");
            if (header != null) {
                shown.add(
                        new JsonObject(
                                new String(
                                        Base64.getUrlDecoder().decode(header),
                                        StandardCharsets.UTF_8)));
            }
            response.setChunked(true).setStatusCode(status);
            if (mute) {
                return; // not even a head
            }
            if (silent) {
                response.write(items);
            } else {
                response.end(items);
            }
        } else if (deaf) {
            request.connection().close();
        } else if (there) {
            response.end("{\"Id\":\"sha256:1\"}");
        } else {
            response.setStatusCode(404).end("{\"message\":\"No such image: far:1\"}");
        }
    }

    private void pull() {
        ask(() -> docker.pull(PullRequest.of("reg:5000/far:1"), progress::add));
    }

    @Test
    void asks_for_one_tag_and_tells_how_far_it_is() {
        items =
                """
                {"status":"Pulling from far","id":"1"}
                {"status":"Pulling fs layer","progressDetail":{},"id":"a"}
                {"status":"Pull complete","progressDetail":{},"id":"a"}
                """;
        pull();
        assertThat(asked).containsExactly("fromImage=reg%3A5000%2Ffar&tag=1");
        assertThat(progress).hasSizeBetween(1, 3);
    }

    @Test
    void an_error_after_progress_is_a_failure() {
        items =
                """
                {"status":"Pulling fs layer","progressDetail":{},"id":"a"}
                {"errorDetail":{"message":"write /x: no space left on device"},"error":"write"}
                """;
        assertThatThrownBy(this::pull)
                .isInstanceOf(DockerFailure.EngineDiskFull.class)
                .hasMessageContaining("no space left on device");
    }

    @Test
    void a_success_without_the_image_is_a_failure() {
        there = false;
        items = "{\"status\":\"Status: Downloaded newer image\"}\r\n";
        assertThatThrownBy(this::pull)
                .isInstanceOf(DockerFailure.PullFailed.class)
                .hasMessageContaining("disk full");
    }

    @Test
    void a_registry_that_says_no_is_denied() {
        status = 404;
        items =
                "{\"message\":\"pull access denied for far, repository does not exist or may"
                        + " require 'docker login'\"}";
        assertThatThrownBy(this::pull).isInstanceOf(DockerFailure.ImageDenied.class);
    }

    @Test
    void a_pull_that_falls_silent_fails() {
        silent = true;
        items = "{\"status\":\"Pulling fs layer\",\"progressDetail\":{},\"id\":\"a\"}\r\n";
        assertThatThrownBy(this::pull)
                .isInstanceOf(DockerFailure.PullFailed.class)
                .hasMessageContaining("silent for 400 ms");
    }

    @Test
    void a_pull_that_never_says_anything_fails() {
        mute = true;
        assertThatThrownBy(this::pull)
                .isInstanceOf(DockerFailure.PullFailed.class)
                .hasMessageContaining("silent for 400 ms");
    }

    @Test
    void an_engine_that_is_away_at_a_silence_is_not_the_pulls_fault() {
        mute = true;
        deaf = true;
        assertThatThrownBy(this::pull).isInstanceOf(DockerFailure.Unreachable.class);
    }

    private void pull(PullRequest request) {
        items = "{\"status\":\"Status: Image is up to date\"}\r\n";
        ask(() -> docker.pull(request, progress::add));
    }

    @Test
    void asks_for_a_platform_as_whom_the_job_names() {
        pull(new PullRequest("reg:5000/far:1", "linux/arm64", "team"));
        assertThat(asked)
                .containsExactly("fromImage=reg%3A5000%2Ffar&tag=1&platform=linux%2Farm64");
        assertThat(shown)
                .containsExactly(
                        new JsonObject()
                                .put("username", "ann")
                                .put("password", "s3cret")
                                .put("serveraddress", "reg:5000"));
    }

    @Test
    void a_credential_that_the_node_does_not_have_is_denied_by_its_name() {
        assertThatThrownBy(() -> pull(new PullRequest("reg:5000/far:1", null, "other")))
                .isInstanceOf(DockerFailure.ImageDenied.class)
                .hasMessageContaining("other");
        assertThat(asked).isEmpty();
    }

    @Test
    void a_credential_is_never_shown_to_another_registry() {
        assertThatThrownBy(() -> pull(new PullRequest("elsewhere:5000/far:1", null, "team")))
                .isInstanceOf(DockerFailure.ImageDenied.class)
                .hasMessageContaining("reg:5000");
        assertThat(asked).isEmpty();
    }

    @Test
    void a_password_is_in_no_text() {
        assertThat(new RegistryCredential("reg:5000", "ann", "s3cret").toString())
                .doesNotContain("s3cret")
                .contains("ann");
    }
}
