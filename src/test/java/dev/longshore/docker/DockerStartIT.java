package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Grant;
import dev.longshore.job.PullPolicy;
import dev.longshore.testing.TestEngine;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Starts and ends of programs on a real engine. */
class DockerStartIT extends RealEngine {
    private static EngineSpec engine(List<String> command, String workingDirectory) {
        return new EngineSpec(
                TestEngine.image(),
                List.of(),
                command,
                Map.of("A", "b c"),
                workingDirectory,
                "65534:65534",
                PullPolicy.NEVER,
                Map.of(),
                null,
                null);
    }

    /** A start that fails, or a program that ends at once: either way the code of the shell. */
    private int codeOf(EngineSpec engine) {
        String id = ask(() -> docker.create(spec(engine)));
        return ask(
                () ->
                        docker.start(id)
                                .compose(_ -> docker.awaitExit(id))
                                .recover(
                                        e ->
                                                e instanceof DockerFailure.StartFailed failed
                                                        ? Future.succeededFuture(failed.exitCode())
                                                        : Future.failedFuture(e)));
    }

    @Test
    void a_container_that_names_no_runtime_gets_the_nodes() throws IOException {
        String other = "io.containerd.runc.v2";
        Docker withRuntime = DockerJava.create(vertx, settings().withRuntime(other));
        String id = ask(() -> withRuntime.create(spec(engine(List.of("true"), "/"))));
        assertThat(
                        TestEngine.api()
                                .get("/containers/" + id + "/json", Duration.ofSeconds(30))
                                .json()
                                .path("HostConfig")
                                .path("Runtime")
                                .asText())
                .isEqualTo(other);
        int code = ask(() -> docker.start(id).compose(_ -> docker.awaitExit(id)));
        assertThat(code).isZero();
        ask(withRuntime::close);
    }

    @Test
    void an_unknown_runtime_is_told_by_its_name() {
        Docker withRuntime = DockerJava.create(vertx, settings().withRuntime("no-such-runtime"));
        assertThatThrownBy(() -> ask(() -> withRuntime.create(spec(engine(List.of("true"), "/")))))
                .hasMessageContaining("no-such-runtime");
        ask(withRuntime::close);
    }

    @Test
    void a_program_that_is_not_there_is_127() {
        assertThat(codeOf(engine(List.of("no-such-program"), "/"))).isEqualTo(127);
    }

    @Test
    void a_program_that_may_not_be_run_is_126() {
        assertThat(codeOf(engine(List.of("/etc"), "/"))).isEqualTo(126);
    }

    @Test
    void environment_directory_and_user_reach_the_program() {
        String id =
                started(
                        spec(
                                engine(
                                        List.of("sh", "-c", "echo \"$A|$PWD|$(id -u):$(id -g)\""),
                                        "/tmp")));
        Lines lines = new Lines();
        readAll(Lines.of(id), lines);
        assertThat(lines.texts()).containsExactly("out|b c|/tmp|65534:65534");
    }

    @Test
    void memory_beyond_the_grant_is_told_from_an_exit_of_137() {
        EngineSpec hog =
                EngineSpec.of(TestEngine.image(), "sh", "-c", "a=x; while true; do a=$a$a; done");
        ContainerSpec spec =
                new ContainerSpec(
                        "longshore-test-" + UUID.randomUUID(),
                        hog,
                        new Grant(1_000_000_000L, 16L << 20, 64),
                        labels);
        String id = started(spec);
        assertThat(ask(() -> docker.awaitExit(id))).isNotZero();
        assertThat(ask(() -> docker.inspect(id)).oomKilled()).isTrue();
    }

    @Test
    void a_stop_uses_the_signal_that_it_is_given() {
        String id = started("trap 'exit 42' INT; echo ready; while true; do sleep 0.05; done");
        ask(
                () -> {
                    Promise<Void> ready = Promise.promise();
                    docker.follow(Lines.of(id), _ -> ready.tryComplete());
                    return ready.future();
                });
        ask(() -> docker.stop(id, "SIGINT", Duration.ofSeconds(20)));
        assertThat(ask(() -> docker.awaitExit(id))).isEqualTo(42);
    }

    @Test
    void the_engine_holds_what_was_asked_for() throws Exception {
        String id = started("exec sleep 600");
        try (EngineCalls calls = new EngineCalls(settings(), ApiVersion.OLDEST)) {
            var host = calls.client().inspectContainerCmd(id).exec().getHostConfig();
            assertThat(host.getMemory()).isEqualTo(DockerContract.GRANT.memoryBytes());
            assertThat(host.getNanoCPUs()).isEqualTo(DockerContract.GRANT.cpuNanos());
            assertThat(host.getPidsLimit()).isEqualTo(DockerContract.GRANT.pids());
            assertThat(host.getNetworkMode()).isEqualTo("none");
            assertThat(host.getSecurityOpts()).containsExactly("no-new-privileges:true");
            assertThat(host.getInit()).isTrue();
            assertThat(host.getAutoRemove()).isFalse();
            assertThat(host.getLogConfig().getConfig())
                    .containsEntry("max-file", "1")
                    .containsEntry("max-size", "1t");
        }
    }

    @Test
    void a_sweep_takes_only_what_carries_the_labels() throws Exception {
        String mine = "longshore-test-" + UUID.randomUUID();
        String other = "longshore-test-" + UUID.randomUUID();
        try (EngineCalls calls = new EngineCalls(settings(), ApiVersion.OLDEST)) {
            calls.client().createVolumeCmd().withName(mine).withLabels(labels).exec();
            calls.client().createVolumeCmd().withName(other).exec();
            assertThat(ask(() -> docker.sweep(labels)).removed()).containsExactly(mine);
            assertThat(calls.client().inspectVolumeCmd(other).exec().getName()).isEqualTo(other);
            calls.client().removeVolumeCmd(other).exec();
        }
    }

    @Test
    void a_sweep_without_labels_is_refused() {
        assertThatThrownBy(() -> docker.sweep(Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_pull_that_no_registry_answers_fails_in_words() {
        assertThatThrownBy(
                        () ->
                                ask(
                                        () ->
                                                docker.pull(
                                                        PullRequest.of("localhost:1/no-such:1"),
                                                        _ -> {})))
                .isInstanceOf(DockerFailure.PullFailed.class)
                .hasMessageContaining("localhost:1/no-such:1");
    }
}
