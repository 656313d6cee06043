package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Isolation;
import dev.longshore.job.LogStream;
import dev.longshore.job.Networking;
import dev.longshore.job.PortBinding;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** The fake keeps the contract, and what it adds for tests. */
class FakeDockerTest extends DockerContract {
    @Override
    Docker open(Vertx vertx) {
        return new FakeDocker(vertx, Duration.ofMillis(100))
                .image(image())
                .registryHas("far:1")
                .program(FakeProgram.exits(3).out("one").out("two").out("three"), "sh", "-c", SAYS)
                .program(FakeProgram.untilStopped(), "sh", "-c", SLEEPS)
                .program(FakeProgram.untilStopped().ignoringTerm(), "sh", "-c", STUBBORN)
                .program(FakeProgram.exits(137), "sh", "-c", EXIT_137)
                .program(
                        FakeProgram.exits(0).writing("/out/b", "hello".getBytes(UTF_8)),
                        "sh",
                        "-c",
                        COPIES)
                .program(
                        FakeProgram.exits(0)
                                .writing("/out/zeros", new byte[1_000_000])
                                .writing("/zeros", new byte[500_000]),
                        "sh",
                        "-c",
                        FILLS)
                .exec(new ExecResult(7, "out\n", "err\n", false), "sh", "-c", EXEC);
    }

    @Override
    void addImage(String repository, String tag) {
        fake().image(repository + ":" + tag);
    }

    private FakeDocker fake() {
        return (FakeDocker) docker;
    }

    @Override
    String image() {
        return "busybox:local";
    }

    @Test
    void a_stalled_engine_fails_by_the_deadline_and_recovers() {
        fake().stall();
        assertThatThrownBy(() -> ask(docker::ping)).isInstanceOf(DockerFailure.Unreachable.class);
        fake().recover();
        assertThat(ask(docker::ping)).isNull();
    }

    @Test
    void a_failure_can_be_ordered_once() {
        fake().failNext("create", new DockerFailure.Refused("full", 500));
        assertThatThrownBy(() -> created(SAYS)).isInstanceOf(DockerFailure.Refused.class);
        assertThat(created(SAYS)).isNotEmpty();
    }

    @Test
    void a_pull_brings_what_the_registry_has() {
        ask(() -> docker.pull(PullRequest.of("far:1"), _ -> {}));
        assertThat(ask(() -> docker.inspectImage("far:1")).id()).startsWith("sha256:");
        assertThatThrownBy(() -> ask(() -> docker.pull(PullRequest.of("farther:1"), _ -> {})))
                .isInstanceOf(DockerFailure.ImageNotFound.class);
    }

    @Test
    void the_test_speaks_for_a_program_and_ends_it() {
        String id = started(SLEEPS);
        Lines lines = new Lines();
        LogFollow follow = follow(Lines.of(id), lines);
        fake().say(id, LogStream.STDERR, "hello");
        fake().end(id, 5);
        assertThat(ask(follow::end)).isEqualTo(new LogEnd(1, true));
        assertThat(lines.texts()).containsExactly("err|hello");
        assertThat(ask(() -> docker.awaitExit(id))).isEqualTo(5);
        assertThat(fake().journal()).contains("start " + id);
    }

    @Test
    void a_running_container_has_its_ports() {
        Networking networking =
                new Networking(
                        "bridge",
                        List.of(new PortBinding(80, 0, PortBinding.Protocol.TCP, "127.0.0.1")),
                        List.of(),
                        List.of());
        EngineSpec engine =
                EngineSpec.of(image(), "sh", "-c", SLEEPS).with(Isolation.DEFAULTS, networking);
        String id = ask(() -> docker.create(new ContainerSpec("p", engine, GRANT, LABELS)));
        assertThat(ask(() -> docker.inspect(id)).ports()).isEmpty();
        ask(() -> docker.start(id));
        assertThat(ask(() -> docker.list(LABELS)).getFirst().ports())
                .singleElement()
                .satisfies(port -> assertThat(port.hostPort()).isPositive());
    }
}
