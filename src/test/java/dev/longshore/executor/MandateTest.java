package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.ContainerSpec;
import dev.longshore.docker.ContainerView;
import dev.longshore.docker.FakeProgram;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.NodeId;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Timeouts;
import dev.longshore.kafka.FencedException;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Two nodes may think that an execution is theirs: who is first in the topic starts it, and a word
 * that was said long ago is no leave to start.
 */
class MandateTest extends ExecutorFixture {
    private static final NodeId NODE = new NodeId("node-1");
    private static final NodeId OTHER = new NodeId("other");

    private final OwnWords ownWords = new OwnWords(NODE, known);
    private final List<FencedException> takenOver = new ArrayList<>();
    private final Executor executor;
    private final Learning learning;
    private int told;

    MandateTest(Vertx vertx) {
        super(vertx);
        docker.program(FakeProgram.untilStopped(), "sleep");
        Berth usual = berth(ExecutorSettings.defaults(NODE));
        Timers hurried = new Skipping(usual.timers());
        Berth berth =
                new Berth(
                        usual.settings(),
                        docker,
                        watch,
                        usual.pulls(),
                        usual.mounts(),
                        usual.secrets(),
                        usual.downloads(),
                        lines,
                        results,
                        new Voice(events, hurried, ownWords));
        executor = executor(berth, 1_000_000_000L, 1L << 30, List.of());
        learning =
                new Learning(
                        NODE,
                        known,
                        new ImageCache(berth, () -> Future.succeededFuture(0L)),
                        executor.roster(),
                        ownWords,
                        takenOver::add);
    }

    @Test
    void a_program_is_started_when_its_node_has_read_that_it_is_to_start_it() {
        start(() -> executor.start(request("e1")));
        until(() -> calls().contains("create"));
        assertThat(calls()).doesNotContain("start");

        hearOwn();

        until(() -> calls().contains("start"));
        assertThat(takenOver).isEmpty();
    }

    @Test
    void where_another_node_was_first_it_is_not_started_here_and_this_life_ends() {
        start(() -> executor.start(request("e1")));
        until(() -> events.states(id("e1")).contains(ExecutionState.ACCEPTED));
        StatusEvent ours = events.statuses().getFirst();
        call(() -> hear(ours));
        until(() -> events.states(id("e1")).contains(ExecutionState.STARTING));

        // Theirs stands in the topic before our second word, and has the same number.
        call(() -> hear(ours.takenOverBy(OTHER, "it was silent", Instant.now())));
        hearOwn();
        call(() -> docker.ping());

        assertThat(calls()).doesNotContain("start");
        assertThat(takenOver).isNotEmpty();
        assertThat(events.finales()).isEmpty();
    }

    @Test
    void who_takes_over_too_late_is_told_by_its_own_word_that_does_not_count() {
        ExecutionRequest request = request("e1");
        start(() -> executor.start(request));
        until(() -> events.states(id("e1")).contains(ExecutionState.ACCEPTED));
        StatusEvent ours = events.statuses().getFirst();

        call(() -> hear(spokenBy(OTHER, ours)));
        assertThat(takenOver).isEmpty();
        call(() -> hear(ours));

        assertThat(takenOver).hasSize(1);
        assertThat(calls()).doesNotContain("start");
    }

    @Test
    void a_node_that_hung_before_the_start_says_so_again_and_waits_to_hear_it() {
        start(() -> executor.start(request("e1")));
        until(() -> calls().contains("create"));
        skippedNanos.addAndGet(Duration.ofSeconds(40).toNanos());

        hearOwn();
        until(
                () ->
                        events.states(id("e1")).stream()
                                        .filter(ExecutionState.STARTING::equals)
                                        .count()
                                == 2);
        assertThat(calls()).doesNotContain("start");
        hearOwn();

        until(() -> calls().contains("start"));
    }

    @Test
    void what_a_silent_node_made_on_the_same_engine_and_never_started_gives_way() {
        ExecutionRequest request = request("e1");
        madeBy(OTHER, request);

        start(() -> executor.start(request));
        until(() -> calls().stream().filter("create"::equals).count() == 2);
        assertThat(calls()).doesNotContain("remove");
        hearOwn();

        until(() -> calls().contains("start"));
        assertThat(calls()).contains("remove");
        ContainerView made = call(() -> docker.inspect("longshore-e1"));
        assertThat(made.labels()).containsEntry(Containers.NODE, NODE.value());
    }

    @Test
    void what_a_silent_node_has_started_on_the_same_engine_is_not_started_again() {
        ExecutionRequest request = request("e1");
        String there = madeBy(OTHER, request);
        call(() -> docker.start(there));

        start(() -> executor.start(request));
        until(() -> calls().stream().filter("create"::equals).count() == 2);
        hearOwn();
        ExecutionResult result = call(() -> executor.await(id("e1")).result());

        assertThat(result.outcome().reason()).isEqualTo(Reason.INFRA_LOST);
        assertThat(result.outcome().message()).contains("other has started e1");
        assertThat(calls().stream().filter("start"::equals)).hasSize(1);
        assertThat(call(() -> docker.inspect(there)).alive()).isTrue();
    }

    private String madeBy(NodeId node, ExecutionRequest request) {
        return call(
                () ->
                        docker.create(
                                new ContainerSpec(
                                        Containers.containerName(request, 1),
                                        request.engine(),
                                        new Grant(0, 0, 0),
                                        Containers.of(node, request, 1))));
    }

    /** The topic has what this node has said, and it reads that. */
    private void hearOwn() {
        call(
                () -> {
                    List<StatusEvent> all = events.statuses();
                    List<StatusEvent> unheard = all.subList(told, all.size());
                    told = all.size();
                    unheard.forEach(learning::status);
                    return Future.succeededFuture();
                });
    }

    private Future<Void> hear(StatusEvent event) {
        told = Math.max(told, events.statuses().indexOf(event) + 1);
        learning.status(event);
        return Future.succeededFuture();
    }

    private static StatusEvent spokenBy(NodeId node, StatusEvent event) {
        return new StatusEvent(
                event.executionId(),
                event.jobId(),
                node,
                event.attempt(),
                event.sequence(),
                event.state(),
                event.previous(),
                event.reason(),
                event.message(),
                event.time(),
                event.containerId(),
                event.image(),
                event.resources(),
                event.pull(),
                event.ports(),
                event.log(),
                event.specHash(),
                event.command());
    }

    private static ExecutionRequest request(String id) {
        return new ExecutionRequest(
                id(id),
                new JobId("job"),
                EngineSpec.of("busybox", "sleep"),
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                JobFiles.NONE,
                Retry.NONE,
                "hash",
                null);
    }

    /** Real timers of a process that may be stopped for a while. */
    private final class Skipping implements Timers {
        private final Timers real;

        Skipping(Timers real) {
            this.real = real;
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            return real.after(delay, task);
        }

        @Override
        public Instant now() {
            return real.now();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime() + skippedNanos.get();
        }
    }
}
