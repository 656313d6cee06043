package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Gpu;
import dev.longshore.job.GpuVendor;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Creates on an engine that holds what the test says, whatever it was asked. */
class CreateCheckTest extends OnContext {
    private static final String AS_ASKED =
            """
            {"CapDrop": ["ALL"], "SecurityOpt": ["no-new-privileges:true"], "NetworkMode": "none",
             "IpcMode": "private", "Memory": 67108864, "MemorySwap": 67108864, "PidsLimit": 32}
            """;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<JsonObject> requests = new CopyOnWriteArrayList<>();
    @TempDir Path folder;
    private volatile String held = AS_ASKED;
    private HttpServer server;
    private Docker docker;

    @BeforeEach
    void openServer() throws IOException {
        server =
                ask(
                        () ->
                                vertx.createHttpServer()
                                        .requestHandler(this::answer)
                                        .listen(0, "127.0.0.1"));
        Path groups = Files.writeString(folder.resolve("group"), "video:x:44:\nrender:x:109:\n");
        docker =
                DockerJava.create(
                        vertx,
                        DockerSettings.defaults()
                                .withHost(URI.create("tcp://127.0.0.1:" + server.actualPort()))
                                .withGroupFile(groups));
    }

    @AfterEach
    void closeServer() {
        ask(docker::close);
        ask(server::close);
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        String path = request.path().replaceFirst("^/v1\\.\\d+", "");
        calls.add(request.method() + " " + path);
        response.putHeader("Content-Type", "application/json");
        switch (path) {
            case "/version" -> response.end("{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}");
            case "/info" -> response.end("{\"CDISpecDirs\":[\"/etc/cdi\"]}");
            case "/containers/create" ->
                    request.body()
                            .onSuccess(
                                    body -> {
                                        requests.add(body.toJsonObject());
                                        response.setStatusCode(201).end("{\"Id\":\"abc\"}");
                                    });
            case "/containers/abc/json" ->
                    response.end("{\"Id\":\"abc\",\"HostConfig\":" + held + "}");
            default -> response.setStatusCode(204).end();
        }
    }

    private String create(Gpu... gpus) {
        ContainerSpec spec =
                ContainerSpecsTest.spec(
                        EngineSpec.of("a"), ContainerSpecsTest.GRANT.with(List.of(gpus)));
        return ask(() -> docker.create(spec));
    }

    @Test
    void what_is_held_as_asked_is_created() {
        assertThat(create()).isEqualTo("abc");
        assertThat(calls).doesNotContain("DELETE /containers/abc", "GET /info");
    }

    @Test
    void what_is_held_otherwise_is_removed_and_named() {
        held = new JsonObject(AS_ASKED).put("Privileged", true).put("Memory", 0).encode();
        assertThatThrownBy(this::create)
                .isInstanceOf(DockerFailure.Refused.class)
                .hasMessageContaining("privileged is true, not false")
                .hasMessageContaining("memory is 0, not 67108864");
        assertThat(calls).contains("DELETE /containers/abc");
    }

    @Test
    void groups_and_cdi_are_the_hosts() {
        assertThatThrownBy(
                        () ->
                                create(
                                        GpuRequestsTest.gpu(
                                                GpuVendor.AMD, "a", "/dev/dri/renderD128"),
                                        GpuRequestsTest.gpu(GpuVendor.NVIDIA, "GPU-n", null)))
                .isInstanceOf(DockerFailure.Refused.class)
                .hasMessageContaining("devices is []");
        JsonObject host = requests.getFirst().getJsonObject("HostConfig");
        assertThat(host.getJsonArray("GroupAdd")).containsExactly("44", "109");
        assertThat(host.getJsonArray("DeviceRequests").getJsonObject(0).getString("Driver"))
                .isEqualTo("cdi");
    }
}
