package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.command.CreateContainerCmdImpl;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Grant;
import dev.longshore.job.PullPolicy;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Holds the whole request: a field that changes or comes in by itself is seen here. */
class ContainerSpecsTest {
    private static final String HOST_CONFIG =
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
        ContainerSpec spec =
                new ContainerSpec(
                        "longshore-e1",
                        engine,
                        new Grant(1_500_000_000L, 64L << 20, 32),
                        Map.of("b", "2", "a", "1"));
        CreateContainerCmdImpl command =
                new CreateContainerCmdImpl(_ -> null, null, engine.image());
        ContainerSpecs.fill(command, spec, HostFacts.NONE);
        assertThat(command.getName()).isEqualTo("longshore-e1");
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
                    if (field.getValue() instanceof Map<?, ?>
                            || field.getValue() instanceof JsonObject) {
                        kept.put(field.getKey(), withoutNulls(json.getJsonObject(field.getKey())));
                    } else if (field.getValue() != null) {
                        kept.put(field.getKey(), field.getValue());
                    }
                });
        return kept;
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

    @Test
    void the_same_spec_gives_the_same_request() throws IOException {
        EngineSpec engine = EngineSpec.of("busybox:local", "true");
        assertThat(request(engine).encode()).isEqualTo(request(engine).encode());
    }
}
