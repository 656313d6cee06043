package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.docker.ContainerView.State;
import dev.longshore.job.EngineSpec;

import io.vertx.core.Future;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What every {@link Docker} does; with what {@link FilesContract} says. */
abstract class DockerContract extends FilesContract {
    static final String SAYS = "echo one; echo two; echo three; exit 3";
    static final String SLEEPS = "exec sleep 600";
    static final String STUBBORN = "trap '' TERM; while true; do sleep 1; done";
    static final String EXIT_137 = "exit 137";
    static final String EXEC = "echo out; echo err >&2; exit 7";

    final LogFollow follow(LogRequest request, LogSink sink) {
        return ask(() -> Future.succeededFuture(docker.follow(request, sink)));
    }

    final LogEnd readAll(LogRequest request, LogSink sink) {
        LogFollow follow = follow(request, sink);
        return ask(follow::end);
    }

    @Test
    void answers_a_ping_and_says_what_it_is() {
        assertThat(ask(docker::ping)).isNull();
        EngineInfo info = ask(docker::info);
        assertThat(info.cores()).isPositive();
        assertThat(info.memoryBytes()).isPositive();
        assertThat(info.api()).matches("1\\.\\d+");
    }

    @Test
    void answers_on_the_context_that_asked() {
        String here = ask(() -> Future.succeededFuture(Thread.currentThread().getName()));
        String there = ask(() -> docker.ping().map(_ -> Thread.currentThread().getName()));
        assertThat(there).isEqualTo(here);
        Lines lines = new Lines();
        readAll(Lines.of(started(SAYS)), lines);
        assertThat(lines.threads).isNotEmpty().containsOnly(here);
    }

    @Test
    void knows_its_image_and_no_other() {
        assertThat(ask(() -> docker.inspectImage(image())).digest()).contains("sha256:");
        assertThatThrownBy(() -> ask(() -> docker.inspectImage("no-such-image:1")))
                .isInstanceOf(DockerFailure.ImageNotFound.class);
    }

    @Test
    void a_container_of_a_missing_image_is_not_created() {
        ContainerSpec spec =
                new ContainerSpec(
                        "longshore-test-none", EngineSpec.of("no-such-image:1"), GRANT, LABELS);
        assertThatThrownBy(() -> ask(() -> docker.create(spec)))
                .isInstanceOf(DockerFailure.ImageNotFound.class);
    }

    @Test
    void a_taken_name_is_told_apart() {
        ContainerSpec spec = spec(SAYS);
        ask(() -> docker.create(spec));
        assertThatThrownBy(() -> ask(() -> docker.create(spec)))
                .isInstanceOf(DockerFailure.NameTaken.class);
    }

    @Test
    void runs_to_its_exit_code_and_gives_each_line_once() {
        String id = started(SAYS);
        Lines lines = new Lines();
        LogEnd end = readAll(Lines.of(id), lines);
        assertThat(ask(() -> docker.awaitExit(id))).isEqualTo(3);
        assertThat(lines.texts()).containsExactly("out|one", "out|two", "out|three");
        assertThat(end).isEqualTo(new LogEnd(3, true));
        ContainerView view = ask(() -> docker.inspect(id));
        assertThat(view.state()).isEqualTo(State.EXITED);
        assertThat(view.exitCode()).isEqualTo(3);
        assertThat(view.oomKilled()).isFalse();
        assertThat(view.startedAt()).isNotNull();
        // Not compared: a real engine has dated the end of a short program before its start.
        assertThat(view.finishedAt()).isNotNull();
        assertThat(view.labels()).containsAllEntriesOf(LABELS);
    }

    @Test
    void a_created_container_has_not_run() {
        String id = created(SAYS);
        ContainerView view = ask(() -> docker.inspect(id));
        assertThat(view.state()).isEqualTo(State.CREATED);
        assertThat(view.startedAt()).isNull();
        assertThat(view.finishedAt()).isNull();
        assertThat(view.alive()).isFalse();
    }

    @Test
    void known_lines_are_skipped_and_numbers_stay() {
        String id = started(SAYS);
        Lines lines = new Lines();
        LogEnd end = readAll(new LogRequest(id, Lines.ID, 1, 2), lines);
        assertThat(lines.texts()).containsExactly("out|three");
        assertThat(lines.lines().getFirst().seq()).isEqualTo(2);
        assertThat(end).isEqualTo(new LogEnd(3, true));
    }

    @Test
    void an_exit_of_137_is_no_out_of_memory() {
        String id = started(EXIT_137);
        assertThat(ask(() -> docker.awaitExit(id))).isEqualTo(137);
        assertThat(ask(() -> docker.inspect(id)).oomKilled()).isFalse();
    }

    @Test
    void waiting_for_what_runs_ends_with_its_stop() {
        String id = started(SLEEPS);
        Future<Integer> exit = asked(() -> docker.awaitExit(id));
        assertThat(ask(() -> docker.inspect(id)).state()).isEqualTo(State.RUNNING);
        ask(() -> docker.stop(id, "SIGTERM", Duration.ofSeconds(30)));
        assertThat(await(exit)).isEqualTo(143);
        assertThat(ask(() -> docker.inspect(id)).alive()).isFalse();
    }

    @Test
    void a_program_that_ignores_the_stop_signal_is_killed_after_the_grace_period() {
        String id = started(STUBBORN);
        ask(() -> docker.stop(id, "SIGTERM", Duration.ofMillis(300)));
        assertThat(ask(() -> docker.awaitExit(id))).isEqualTo(137);
        assertThat(ask(() -> docker.inspect(id)).oomKilled()).isFalse();
    }

    @Test
    void ends_are_idempotent() {
        String id = started(SAYS);
        ask(() -> docker.awaitExit(id));
        ask(() -> docker.stop(id, "SIGTERM", Duration.ofSeconds(1)));
        ask(() -> docker.kill(id, "SIGKILL"));
        ask(() -> docker.remove(id));
        ask(() -> docker.remove(id));
        ask(() -> docker.kill(id, "SIGKILL"));
        ask(() -> docker.stop(id, "SIGTERM", Duration.ofSeconds(1)));
        assertThatThrownBy(() -> ask(() -> docker.inspect(id)))
                .isInstanceOf(DockerFailure.NoSuchContainer.class);
    }

    @Test
    void a_running_container_can_be_removed() {
        String id = started(SLEEPS);
        ask(() -> docker.remove(id));
        assertThat(ask(() -> docker.list(LABELS))).isEmpty();
    }

    @Test
    void what_is_gone_cannot_be_started_or_awaited_and_its_log_is_incomplete() {
        String id = created(SAYS);
        ask(() -> docker.remove(id));
        assertThatThrownBy(() -> ask(() -> docker.start(id)))
                .isInstanceOf(DockerFailure.NoSuchContainer.class);
        assertThatThrownBy(() -> ask(() -> docker.awaitExit(id)))
                .isInstanceOf(DockerFailure.NoSuchContainer.class);
        Lines lines = new Lines();
        assertThat(readAll(Lines.of(id), lines)).isEqualTo(new LogEnd(0, false));
        assertThat(lines.records).hasSize(1);
    }

    @Test
    void lists_by_labels_whatever_the_state() {
        String made = created(SAYS);
        String runs = started(SLEEPS);
        List<ContainerView> mine = ask(() -> docker.list(LABELS));
        assertThat(mine).extracting(ContainerView::id).containsExactlyInAnyOrder(made, runs);
        assertThat(mine)
                .extracting(ContainerView::state)
                .containsExactlyInAnyOrder(State.CREATED, State.RUNNING);
        assertThat(ask(() -> docker.list(Map.of("dev.longshore.test", "other")))).isEmpty();
    }

    @Test
    void a_container_is_found_by_its_name() {
        ContainerSpec spec = spec(SAYS);
        String id = ask(() -> docker.create(spec));
        ContainerView view = ask(() -> docker.inspect(spec.name()));
        assertThat(view.id()).isEqualTo(id);
        assertThat(view.name()).isEqualTo(spec.name());
    }

    @Test
    void a_command_runs_in_what_runs_and_only_there() {
        List<String> command = List.of("sh", "-c", EXEC);
        String id = started(SLEEPS);
        assertThat(ask(() -> docker.exec(id, command)))
                .isEqualTo(new ExecResult(7, "out\n", "err\n", false));
        ask(() -> docker.pause(id));
        assertThatThrownBy(() -> ask(() -> docker.exec(id, command)))
                .isInstanceOf(DockerFailure.Refused.class);
        ask(() -> docker.unpause(id));
        ask(() -> docker.kill(id, "SIGKILL"));
        ask(() -> docker.awaitExit(id));
        assertThatThrownBy(() -> ask(() -> docker.exec(id, command)))
                .isInstanceOf(DockerFailure.Refused.class);
        ask(() -> docker.remove(id));
        assertThatThrownBy(() -> ask(() -> docker.exec(id, command)))
                .isInstanceOf(DockerFailure.NoSuchContainer.class);
    }

    @Test
    void what_runs_says_what_it_uses() {
        String id = started(SLEEPS);
        ContainerStats stats = ask(() -> docker.stats(id));
        assertThat(stats.memoryLimitBytes()).isEqualTo(GRANT.memoryBytes());
        assertThat(stats.memoryBytes()).isPositive().isLessThanOrEqualTo(stats.peakMemoryBytes());
        assertThat(stats.cpuNanos()).isPositive();
        assertThat(stats.pids()).isPositive();
        ask(() -> docker.kill(id, "SIGKILL"));
        ask(() -> docker.awaitExit(id));
        assertThatThrownBy(() -> ask(() -> docker.stats(id)))
                .isInstanceOf(DockerFailure.Refused.class);
        ask(() -> docker.remove(id));
        assertThatThrownBy(() -> ask(() -> docker.stats(id)))
                .isInstanceOf(DockerFailure.NoSuchContainer.class);
    }

    @Test
    void a_follow_that_is_closed_ends_as_incomplete() {
        String id = started(SLEEPS);
        LogFollow follow = follow(Lines.of(id), new Lines());
        ask(
                () -> {
                    follow.close();
                    return follow.end();
                });
        assertThat(ask(follow::end).complete()).isFalse();
        assertThat(ask(() -> docker.inspect(id)).alive()).isTrue();
    }

    @Test
    void a_paused_follow_gives_nothing_until_it_goes_on() {
        String id = started(SAYS);
        Lines lines = new Lines();
        LogFollow follow =
                ask(
                        () -> {
                            LogFollow opened = docker.follow(Lines.of(id), lines);
                            opened.pause();
                            return Future.succeededFuture(opened);
                        });
        ask(() -> docker.awaitExit(id));
        ask(docker::ping);
        assertThat(lines.records).isEmpty();
        assertThat(follow.end().isComplete()).isFalse();
        ask(
                () -> {
                    follow.resume();
                    return follow.end();
                });
        assertThat(lines.texts()).containsExactly("out|one", "out|two", "out|three");
    }

    @Test
    void a_sweep_of_nothing_reports_nothing() {
        assertThat(ask(() -> docker.sweep(LABELS)))
                .isEqualTo(new SweepReport(List.of(), List.of()));
    }

    @Test
    void a_registry_that_has_no_such_image_gives_no_access_and_nothing_is_fetched() {
        PullRequest stranger = PullRequest.of("127.0.0.1:1/none:1");

        assertThatThrownBy(() -> ask(() -> docker.checkAccess(stranger)))
                .isInstanceOfAny(DockerFailure.PullFailed.class, DockerFailure.ImageNotFound.class);
        assertThatThrownBy(() -> ask(() -> docker.inspectImage(stranger.reference())))
                .isInstanceOf(DockerFailure.ImageNotFound.class);
    }
}
