package dev.longshore.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.app.dev.EngineApi;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The engine that the other integration tests stand on. */
class TestEngineIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void the_engine_of_this_jvm_runs_a_container() throws IOException {
        assertThat(echo(TestEngine.api(), "hello")).contains("hello");
        assertThat(TestEngine.host()).isEqualTo(TestEngine.host());
    }

    @Test
    void a_private_engine_leaves_no_process_mount_or_file() throws IOException {
        assumeTrue(TestEngine.hasOwnEngines(), "needs root");
        Path directory;
        try (PrivateEngine engine = TestEngine.privateEngine()) {
            directory = engine.directory();
            assertThat(engine.host()).isNotEqualTo(TestEngine.host());
            start(engine.api(), "sleep", "1000");
        }
        assertThat(directory).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .doesNotContain(directory.toString());
        assertThat(processesNaming(directory)).isEmpty();
    }

    @Test
    void a_private_engine_starts_again_on_its_data_after_a_kill() throws IOException {
        assumeTrue(TestEngine.hasOwnEngines(), "needs root");
        try (PrivateEngine engine = TestEngine.privateEngine()) {
            String id = start(engine.api(), "sleep", "1000");
            engine.kill();
            assertThat(engine.api().answers(Duration.ofSeconds(1))).isFalse();
            engine.start();
            assertThat(engine.api().get("/containers/" + id + "/json", SOON).status())
                    .isEqualTo(200);
            engine.restart();
            assertThat(echo(engine.api(), "again")).contains("again");
        }
    }

    private static String echo(EngineApi api, String word) throws IOException {
        String id = start(api, "echo", word);
        JsonNode exit = api.post("/containers/" + id + "/wait", "", SOON).orFail("wait").json();
        assertThat(exit.path("StatusCode").asInt(-1)).isZero();
        String log = api.get("/containers/" + id + "/logs?stdout=1", SOON).orFail("logs").text();
        api.delete("/containers/" + id, SOON).orFail("remove");
        return log;
    }

    private static String start(EngineApi api, String program, String argument) throws IOException {
        String spec =
                "{\"Image\":\""
                        + TestEngine.image()
                        + "\",\"Cmd\":[\""
                        + program
                        + "\",\""
                        + argument
                        + "\"],\"StopTimeout\":1,\"HostConfig\":{\"NetworkMode\":\"none\"}}";
        String id =
                api.post("/containers/create", spec, SOON)
                        .orFail("create")
                        .json()
                        .path("Id")
                        .asText();
        api.post("/containers/" + id + "/start", "", SOON).orFail("start");
        return id;
    }

    private static List<String> processesNaming(Path directory) {
        return ProcessHandle.allProcesses()
                .map(handle -> handle.info().commandLine().orElse(""))
                .filter(line -> line.contains(directory + "/"))
                .toList();
    }
}
