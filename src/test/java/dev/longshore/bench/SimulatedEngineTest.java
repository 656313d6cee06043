package dev.longshore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.app.dev.EngineAddress;
import dev.longshore.app.dev.EngineApi;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

class SimulatedEngineTest {
    @TempDir Path directory;

    private SimulatedEngine engine;
    private EngineAddress address;
    private BareEngine bare;

    @BeforeEach
    void open() throws IOException {
        engine =
                SimulatedEngine.open(directory.resolve("engine.sock"), SimulatedEngine.Delays.NONE);
        address = new EngineAddress(engine.host());
        bare = new BareEngine(address, "test");
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    @Test
    void it_says_what_it_is_as_an_engine_would() throws IOException {
        assertThat(new EngineApi(address).facts().speaks(1, 41)).isTrue();
    }

    @Test
    void a_job_goes_from_create_to_remove_and_leaves_nothing() throws IOException {
        try (RawConnection connection = bare.connect()) {
            BareEngine.Timing timing = bare.job(connection, BenchJob.of("true"));

            assertThat(timing.toLogs()).isPositive();
        }
        assertThat(engine.size()).isZero();
        assertThat(engine.requests()).isEqualTo(5);
    }

    @Test
    void jobs_at_a_time_are_all_done() throws InterruptedException {
        assertThat(bare.jobs(20, 4, BenchJob.of("true"))).hasSize(20);
        assertThat(engine.size()).isZero();
    }

    @Test
    void a_follower_gets_every_line_once_and_the_end() throws IOException {
        StringBuilder log = new StringBuilder();
        try (RawConnection calls = bare.connect();
                RawConnection stream = bare.connect()) {
            String id = bare.start(calls, BenchJob.of("print", "1200", "100000"));
            bare.follow(
                    stream,
                    id,
                    piece -> {
                        log.append(StandardCharsets.ISO_8859_1.decode(piece));
                        return true;
                    });
        }
        assertThat(log.toString().lines().filter(line -> line.contains("line 0"))).hasSize(1200);
        assertThat(log).containsOnlyOnce("line 0000001199 ");
        assertThat(engine.follows()).isEqualTo(1);
    }

    @Test
    void what_sleeps_runs_until_it_is_ended_and_a_wait_hears_of_it() throws Exception {
        try (RawConnection calls = bare.connect();
                RawConnection wait = bare.connect()) {
            String id = bare.start(calls, BenchJob.of("sleep", "1d"));
            assertThat(engine.running()).isEqualTo(1);
            CompletableFuture<String> exit =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return wait.call("POST", "/containers/" + id + "/wait", "")
                                            .text();
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            calls.call("POST", "/containers/" + id + "/kill", "").orFail("kill");

            assertThat(exit.join()).contains("\"StatusCode\":137");
            assertThat(engine.running()).isZero();
        }
    }

    @Test
    void a_name_is_given_once() throws IOException {
        try (RawConnection connection = bare.connect()) {
            String create = "/containers/create?name=same";
            String json = "{\"Image\":\"busybox\",\"Cmd\":[\"true\"],\"HostConfig\":{}}";

            assertThat(connection.call("POST", create, json).status()).isEqualTo(201);
            assertThat(connection.call("POST", create, json).status()).isEqualTo(409);
        }
    }

    @Test
    void removing_by_label_takes_only_what_carries_it() throws IOException {
        try (RawConnection connection = bare.connect()) {
            bare.start(connection, BenchJob.of("sleep", "1d"));
            new BareEngine(address, "other").start(connection, BenchJob.of("sleep", "1d"));
        }
        bare.removeAll(Lab.LABEL + "=test");

        assertThat(engine.size()).isEqualTo(1);
    }
}
