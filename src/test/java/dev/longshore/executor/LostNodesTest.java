package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.JobId;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who is lost, by whose clock, and who settles it. */
class LostNodesTest {
    private static final NodeId HERE = new NodeId("b-here");
    private static final NodeId THERE = new NodeId("there");
    private static final Duration LOST_AFTER = Duration.ofMinutes(10);

    private final Hand time = new Hand();
    private final Known known = new Known(100, new Presence(HERE, time::nanoTime));
    private final List<LostNodes.Loss> settled = new ArrayList<>();
    private Future<Void> answer = Future.succeededFuture();
    private LostNodes nodes = nodes(LOST_AFTER);

    @BeforeEach
    void anExecutionRunsThere() {
        known.learn(runs("e1", THERE));
    }

    @Test
    void a_node_is_lost_when_it_was_silent_for_so_long_and_not_before() {
        beat(HERE);
        beat(THERE);
        pass(LOST_AFTER.minusSeconds(10));
        assertThat(settled).isEmpty();

        pass(Duration.ofSeconds(10));

        assertThat(settled).containsExactly(new LostNodes.Loss(THERE, LOST_AFTER));
    }

    @Test
    void what_clocks_of_others_say_counts_for_nothing() {
        beat(HERE);
        nodes.heard(status(THERE, "theirs", NodeStatus.State.READY, Instant.EPOCH));
        pass(LOST_AFTER.minusSeconds(20));
        nodes.heard(status(THERE, "theirs", NodeStatus.State.READY, Instant.EPOCH));

        pass(LOST_AFTER.minusSeconds(10));

        assertThat(settled).isEmpty();
    }

    @Test
    void a_node_that_stopped_in_order_and_left_programs_has_the_same_time_to_come_back() {
        beat(HERE);
        nodes.heard(status(THERE, "theirs", NodeStatus.State.STOPPED, Instant.now()));

        pass(LOST_AFTER);

        assertThat(settled).hasSize(1);
    }

    @Test
    void a_node_that_left_nothing_is_not_looked_at() {
        known.learn(ended("e1"));
        beat(HERE);

        pass(LOST_AFTER.multipliedBy(2));

        assertThat(settled).isEmpty();
    }

    @Test
    void who_was_cut_off_itself_begins_to_count_anew() {
        beat(HERE);
        beat(THERE);
        pass(Duration.ofMinutes(5));
        time.pass(LOST_AFTER);

        beat(HERE);
        assertThat(settled).isEmpty();
        pass(LOST_AFTER.minusSeconds(10));
        assertThat(settled).isEmpty();
        pass(Duration.ofSeconds(10));

        assertThat(settled).hasSize(1);
    }

    @Test
    void an_earlier_life_of_this_node_does_not_speak_for_it() {
        nodes.heard(status(HERE, "earlier", NodeStatus.State.READY, Instant.now()));
        time.pass(LOST_AFTER);
        nodes.heard(status(HERE, "earlier", NodeStatus.State.READY, Instant.now()));

        assertThat(settled).isEmpty();
    }

    @Test
    void the_first_of_those_that_are_ready_settles_it_and_the_next_one_only_if_that_does_not() {
        NodeId first = new NodeId("a-first");
        beat(HERE);
        beat(first);

        pass(LOST_AFTER.plusSeconds(20), first);
        assertThat(settled).isEmpty();
        pass(Duration.ofSeconds(10), first);

        assertThat(settled).hasSize(1);
    }

    @Test
    void of_those_before_it_only_the_living_count() {
        beat(HERE);
        beat(new NodeId("a-first"));

        pass(LOST_AFTER);

        assertThat(settled).hasSize(1);
    }

    @Test
    void a_node_that_drains_settles_nothing() {
        for (int second = 0; second <= 1200; second += 10) {
            nodes.heard(status(HERE, "mine", NodeStatus.State.DRAINING, Instant.now()));
            time.pass(Heartbeat.PERIOD);
        }
        assertThat(settled).isEmpty();
    }

    @Test
    void zero_means_never() {
        nodes = nodes(Duration.ZERO);
        beat(HERE);

        pass(LOST_AFTER.multipliedBy(3));

        assertThat(settled).isEmpty();
    }

    @Test
    void one_thing_is_done_at_a_time_and_what_failed_is_tried_again() {
        Promise<Void> slow = Promise.promise();
        answer = slow.future();
        beat(HERE);
        pass(LOST_AFTER.plusSeconds(20));
        assertThat(settled).hasSize(1);

        slow.fail("the brokers do not answer");
        pass(Duration.ofSeconds(10));

        assertThat(settled).hasSize(2);
    }

    private LostNodes nodes(Duration lostAfter) {
        return new LostNodes(
                new LostNodes.Self(HERE, "mine", lostAfter),
                time,
                known,
                loss -> {
                    settled.add(loss);
                    return answer;
                });
    }

    private void beat(NodeId node) {
        String instance = node.equals(HERE) ? "mine" : "theirs";
        nodes.heard(status(node, instance, NodeStatus.State.READY, Instant.now()));
    }

    /** Time as it goes by while this node, and these, speak every ten seconds. */
    private void pass(Duration duration, NodeId... speaking) {
        for (long beat = 0; beat < duration.dividedBy(Heartbeat.PERIOD); beat++) {
            time.pass(Heartbeat.PERIOD);
            for (NodeId node : speaking) {
                beat(node);
            }
            beat(HERE);
        }
    }

    private static NodeStatus status(
            NodeId node, String instance, NodeStatus.State state, Instant heartbeat) {
        Grant none = new Grant(0, 0, 0);
        return new NodeStatus(
                node, "test", null, state, null, none, none, 0, 0, Map.of(), heartbeat, instance,
                null);
    }

    private static StatusEvent runs(String id, NodeId node) {
        return event(id, node, ExecutionState.RUNNING, 3);
    }

    private static StatusEvent ended(String id) {
        return event(id, THERE, ExecutionState.SUCCEEDED, 4);
    }

    private static StatusEvent event(String id, NodeId node, ExecutionState state, long sequence) {
        return new StatusEvent(
                new ExecutionId(id),
                new JobId("job"),
                node,
                1,
                sequence,
                state,
                null,
                null,
                null,
                Instant.now(),
                null,
                null,
                null,
                null,
                "hash");
    }

    /** Time that is moved by hand. */
    private static final class Hand implements Timers {
        private long nanos = 1;

        void pass(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            return () -> {};
        }

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public long nanoTime() {
            return nanos;
        }
    }
}
