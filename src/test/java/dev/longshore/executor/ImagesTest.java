package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.docker.FakeProgram;
import dev.longshore.docker.ImageView;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobId;
import dev.longshore.job.Networking;
import dev.longshore.job.PortBinding;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * When an image is fetched, what it turned out to be, and what the container made of it carries.
 */
class ImagesTest extends ExecutorFixture {
    private static final String DIGEST = "busybox@sha256:" + "a".repeat(64);

    private final Executor executor;

    ImagesTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep");
        this.executor =
                executor(
                        berth(ExecutorSettings.defaults(node("here"))),
                        8 * Resources.NANOS_PER_CORE,
                        1L << 40,
                        List.of());
    }

    @Test
    void always_fetches_what_is_here_already_and_missing_does_not() {
        docker.registryHas("busybox");

        call(() -> executor.run(request("e1", PullPolicy.MISSING, "busybox", "x")));
        assertThat(calls()).doesNotContain("pull");
        call(() -> executor.run(request("e2", PullPolicy.ALWAYS, "busybox", "x")));

        assertThat(calls().stream().filter("pull"::equals)).hasSize(1);
    }

    @Test
    void an_image_of_another_platform_is_missing() {
        docker.registryHas("busybox");
        docker.image(
                "busybox",
                new ImageView(
                        "sha256:1", List.of(), List.of(), List.of("sh"), 1, "linux/arm64/v8"));

        call(() -> executor.run(ofPlatform("e1", "linux/arm64")));
        call(() -> executor.run(request("e2", PullPolicy.MISSING, "busybox", "x")));
        assertThat(calls()).doesNotContain("pull");
        call(() -> executor.run(ofPlatform("e3", "linux/amd64")));

        assertThat(calls().stream().filter("pull"::equals)).hasSize(1);
    }

    private static ExecutionRequest ofPlatform(String id, String platform) {
        ExecutionRequest plain = request(id, PullPolicy.MISSING, "busybox", "x");
        EngineSpec engine = plain.engine();
        return new ExecutionRequest(
                plain.executionId(),
                plain.jobId(),
                new EngineSpec(
                        engine.image(),
                        engine.entrypoint(),
                        engine.command(),
                        engine.environment(),
                        null,
                        null,
                        engine.pullPolicy(),
                        engine.labels(),
                        null,
                        null,
                        platform,
                        null,
                        engine.isolation(),
                        engine.networking()),
                plain.resources(),
                plain.timeouts(),
                plain.specHash(),
                null);
    }

    @Test
    void never_fetches_nothing() {
        docker.registryHas("tool");

        assertThatThrownBy(
                        () ->
                                call(
                                        () ->
                                                executor.run(
                                                        request(
                                                                "e1",
                                                                PullPolicy.NEVER,
                                                                "tool",
                                                                "x"))))
                .isInstanceOfSatisfying(
                        ExecutorFailure.CreationFailed.class,
                        failed ->
                                assertThat(failed.result().outcome().reason())
                                        .isEqualTo(Reason.IMAGE_NOT_FOUND));
        assertThat(calls()).doesNotContain("pull", "create");
    }

    @Test
    void an_image_that_does_not_come_in_time_ends_the_execution() {
        docker.stall();
        ExecutionRequest plain = request("e1", PullPolicy.MISSING, "tool", "x");

        start(
                () ->
                        executor.start(
                                new ExecutionRequest(
                                        plain.executionId(),
                                        plain.jobId(),
                                        plain.engine(),
                                        plain.resources(),
                                        new Timeouts(null, Duration.ofMillis(50), null),
                                        plain.specHash(),
                                        null)));
        until(() -> events.finales().size() == 1);

        assertThat(events.finales().getFirst().result().outcome().reason())
                .isEqualTo(Reason.TIMED_OUT_PULL);
    }

    @Test
    void what_a_tag_turned_out_to_be_is_in_the_result() {
        docker.image(
                "busybox", new ImageView("sha256:1", List.of(DIGEST), List.of(), List.of("sh"), 1));

        ExecutionResult result =
                call(() -> executor.run(request("e1", PullPolicy.MISSING, "busybox", "x")));

        assertThat(result.image().reference()).isEqualTo("busybox");
        assertThat(result.image().digest()).isEqualTo(DIGEST);
    }

    @Test
    void the_container_is_made_of_the_image_that_was_looked_at_wherever_its_tag_moves() {
        docker.image(
                "busybox", new ImageView("sha256:1", List.of(DIGEST), List.of(), List.of("sh"), 1));

        call(() -> executor.start(request("e1", PullPolicy.MISSING, "busybox", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        assertThat(docker.spec("longshore-e1").engine().image()).isEqualTo("sha256:1");
        assertThat(docker.spec("longshore-e1").labels())
                .containsEntry("dev.longshore.image", "busybox");
    }

    @Test
    void a_container_has_the_jobs_labels_and_ours_and_the_name_of_its_execution() {
        call(() -> executor.start(request("e1", PullPolicy.MISSING, "busybox", "sleep")));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        assertThat(docker.spec("longshore-e1").labels())
                .containsEntry("team", "media")
                .containsEntry("dev.longshore.node", "here")
                .containsEntry("dev.longshore.execution", "e1")
                .containsEntry("dev.longshore.job", "job")
                .containsEntry("dev.longshore.attempt", "1");
    }

    @Test
    void the_ports_that_the_host_gave_are_in_the_status() {
        EngineSpec plain = request("e1", PullPolicy.MISSING, "busybox", "sleep").engine();
        PortBinding port = new PortBinding(8080, 0, PortBinding.Protocol.TCP, "127.0.0.1");
        EngineSpec open =
                plain.with(
                        plain.isolation(),
                        new Networking("bridge", List.of(port), List.of(), List.of()));
        call(
                () ->
                        executor.start(
                                new ExecutionRequest(
                                        id("e1"),
                                        new JobId("job"),
                                        open,
                                        Resources.DEFAULTS,
                                        Timeouts.DEFAULTS,
                                        "hash",
                                        null)));
        until(() -> events.states(id("e1")).contains(ExecutionState.RUNNING));

        assertThat(events.statuses().getLast().ports())
                .singleElement()
                .satisfies(
                        given -> {
                            assertThat(given.containerPort()).isEqualTo(8080);
                            assertThat(given.hostPort()).isPositive();
                        });
    }

    private static ExecutionRequest request(
            String id, PullPolicy policy, String image, String command) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                new EngineSpec(
                        image,
                        List.of(),
                        List.of(command),
                        Map.of(),
                        null,
                        null,
                        policy,
                        Map.of("team", "media"),
                        null,
                        null),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                "hash",
                null);
    }
}
