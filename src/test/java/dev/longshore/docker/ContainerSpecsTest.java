package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.command.CreateContainerCmdImpl;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Grant;
import dev.longshore.job.Isolation;
import dev.longshore.job.Networking;
import dev.longshore.job.PortBinding;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.Ulimit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds the whole request: a field that changes or comes in by itself is seen here. */
class ContainerSpecsTest {
    static final Grant GRANT = new Grant(1_500_000_000L, 64L << 20, 32);

    static final String HOST_CONFIG =
            """
            {"CapDrop": ["ALL"], "SecurityOpt": ["no-new-privileges:true"], "Privileged": false,
             "NetworkMode": "none", "IpcMode": "private", "ShmSize": 67108864, "Init": true, "AutoRemove": false,
             "RestartPolicy": {"Name": "", "MaximumRetryCount": 0},
             "LogConfig": {"Type": "json-file",
              "Config": {"max-size": "1t", "max-file": "1", "compress": "false", "mode": "blocking"}},
             "Ulimits": [{"Name": "core", "Soft": 0, "Hard": 0}],
             "Memory": 67108864, "MemorySwap": 67108864, "NanoCpus": 1500000000, "PidsLimit": 32}
            """;

    private static JsonObject request(EngineSpec engine) throws IOException {
        return request(spec(engine, GRANT), HostFacts.NONE);
    }

    static ContainerSpec spec(EngineSpec engine, Grant grant) {
        return new ContainerSpec("longshore-e1", engine, grant, Map.of("b", "2", "a", "1"));
    }

    /** The body that the engine gets. */
    static JsonObject request(ContainerSpec spec, HostFacts facts) throws IOException {
        EngineSpec engine = spec.engine();
        CreateContainerCmdImpl command =
                new CreateContainerCmdImpl(_ -> null, null, engine.image());
        ContainerSpecs.fill(command, spec, facts);
        assertThat(command.getName()).isEqualTo("longshore-e1");
        assertThat(command.getPlatform()).isEqualTo(engine.platform());
        JsonObject json =
                new JsonObject(
                        DockerClientConfig.getDefaultObjectMapper().writeValueAsString(command));
        return withoutNulls(json);
    }

    /** docker-java writes its unset fields as null, which the engine reads as not given. */
    private static JsonObject withoutNulls(JsonObject json) {
        JsonObject kept = new JsonObject();
        json.forEach(
                field -> {
                    if (field.getValue() != null) {
                        kept.put(field.getKey(), valueWithoutNulls(field.getValue()));
                    }
                });
        return kept;
    }

    private static Object valueWithoutNulls(Object value) {
        return switch (value) {
            case JsonObject object -> withoutNulls(object);
            case JsonArray array ->
                    new JsonArray(
                            array.stream().map(ContainerSpecsTest::valueWithoutNulls).toList());
            default -> value;
        };
    }

    @Test
    void the_smallest_spec_asks_for_the_least_rights() throws IOException {
        assertThat(request(EngineSpec.of("busybox:local", "echo", "hi")))
                .isEqualTo(
                        new JsonObject(
                                        """
                                        {"Image": "busybox:local", "Cmd": ["echo", "hi"], "Env": [], "Labels": {"a": "1", "b": "2"},
                                         "Tty": false, "OpenStdin": false, "AttachStdin": false, "AttachStdout": false,
                                         "AttachStderr": false, "Volumes": {}, "ExposedPorts": {}, "Healthcheck": {"Test": ["NONE"]},
                                         "StopSignal": "SIGTERM", "StopTimeout": 10}
                                        """)
                                .put("HostConfig", new JsonObject(HOST_CONFIG)));
    }

    @Test
    void everything_that_can_be_said_is_passed_on() throws IOException {
        EngineSpec engine =
                new EngineSpec(
                        "busybox@sha256:00",
                        List.of("/bin/sh"),
                        List.of("-c", "true"),
                        Map.of("B", "two=2", "A", ""),
                        "/work",
                        "65534:65534",
                        PullPolicy.NEVER,
                        Map.of("not", "used here"),
                        "SIGINT",
                        Duration.ofMillis(1500));
        assertThat(request(engine))
                .isEqualTo(
                        new JsonObject(
                                        """
                                        {"Image": "busybox@sha256:00", "Entrypoint": ["/bin/sh"], "Cmd": ["-c", "true"],
                                         "Env": ["A=", "B=two=2"], "Labels": {"a": "1", "b": "2"}, "WorkingDir": "/work",
                                         "User": "65534:65534",
                                         "Tty": false, "OpenStdin": false, "AttachStdin": false, "AttachStdout": false,
                                         "AttachStderr": false, "Volumes": {}, "ExposedPorts": {}, "Healthcheck": {"Test": ["NONE"]},
                                         "StopSignal": "SIGINT", "StopTimeout": 2}
                                        """)
                                .put("HostConfig", new JsonObject(HOST_CONFIG)));
    }

    /** Everything of it that is not a GPU. */
    static EngineSpec demanding(String image, String... command) {
        EngineSpec plain = EngineSpec.of(image, command);
        return new EngineSpec(
                image,
                plain.entrypoint(),
                plain.command(),
                plain.environment(),
                null,
                null,
                PullPolicy.NEVER,
                Map.of(),
                null,
                null,
                "linux/amd64",
                "team",
                new Isolation(
                        Set.of("NET_BIND_SERVICE", "CHOWN"),
                        true,
                        false,
                        true,
                        1L << 20,
                        Map.of("/tmp", 4096L << 10, "/run", 65_536L),
                        Map.of("nofile", new Ulimit(1024, 2048))),
                new Networking(
                        "bridge",
                        List.of(
                                new PortBinding(80, 0, PortBinding.Protocol.TCP, "127.0.0.1"),
                                new PortBinding(53, 5353, PortBinding.Protocol.UDP, "0.0.0.0")),
                        List.of("192.0.2.1"),
                        List.of("db:192.0.2.2")));
    }

    @Test
    void isolation_and_network_are_asked_for_exactly() throws IOException {
        JsonObject request =
                request(spec(demanding("busybox:local", "true"), GRANT), HostFacts.NONE);
        assertThat(request.getBoolean("Tty")).isTrue();
        assertThat(request.getBoolean("AttachStdout")).isFalse();
        assertThat(request.getJsonObject("ExposedPorts").fieldNames())
                .containsExactlyInAnyOrder("80/tcp", "53/udp");
        assertThat(request.getJsonObject("HostConfig"))
                .isEqualTo(
                        new JsonObject(HOST_CONFIG)
                                .mergeIn(
                                        new JsonObject(
                                                """
                                                {"CapAdd": ["CHOWN", "NET_BIND_SERVICE"], "ReadonlyRootfs": true,
                                                 "Init": false, "ShmSize": 1048576,
                                                 "Tmpfs": {"/run": "rw,nosuid,nodev,size=65536", "/tmp": "rw,nosuid,nodev,size=4194304"},
                                                 "Ulimits": [{"Name": "core", "Soft": 0, "Hard": 0},
                                                  {"Name": "nofile", "Soft": 1024, "Hard": 2048}],
                                                 "NetworkMode": "bridge",
                                                 "PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "0"}],
                                                  "53/udp": [{"HostIp": "0.0.0.0", "HostPort": "5353"}]},
                                                 "Dns": ["192.0.2.1"], "ExtraHosts": ["db:192.0.2.2"]}
                                                """)));
    }

    @Test
    void core_files_come_only_where_asked_for() throws IOException {
        Isolation cores =
                new Isolation(
                        Set.of(),
                        false,
                        true,
                        false,
                        null,
                        Map.of(),
                        Map.of("core", new Ulimit(-1, -1)));
        assertThat(
                        request(EngineSpec.of("a").with(cores, Networking.DEFAULTS))
                                .getJsonObject("HostConfig")
                                .getJsonArray("Ulimits"))
                .isEqualTo(new JsonArray("[{\"Name\": \"core\", \"Soft\": -1, \"Hard\": -1}]"));
    }

    @Test
    void a_capability_that_nobody_knows_is_refused() {
        Isolation wrong =
                new Isolation(Set.of("FLY"), false, true, false, null, Map.of(), Map.of());
        assertThatThrownBy(() -> request(EngineSpec.of("a").with(wrong, Networking.DEFAULTS)))
                .isInstanceOf(DockerFailure.Refused.class)
                .hasMessageContaining("FLY");
    }

    @Test
    void the_same_spec_gives_the_same_request() throws IOException {
        EngineSpec engine = EngineSpec.of("busybox:local", "true");
        assertThat(request(engine).encode()).isEqualTo(request(engine).encode());
    }
}
