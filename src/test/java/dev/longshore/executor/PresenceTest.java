package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Grant;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Who is silent, by whose clock. */
class PresenceTest {
    private static final NodeId HERE = new NodeId("here");
    private static final NodeId THERE = new NodeId("there");

    private long nanos = 1;
    private final Presence presence = new Presence(HERE, () -> nanos);

    @Test
    void a_node_is_silent_when_it_was_not_heard_for_three_heartbeats() {
        beat(HERE);
        beat(THERE);
        pass(Presence.SILENCE);
        beat(HERE);
        assertThat(presence.isSilent(THERE)).isFalse();

        pass(Duration.ofSeconds(1));

        assertThat(presence.isSilent(THERE)).isTrue();
    }

    @Test
    void what_it_says_of_an_execution_counts_too() {
        beat(HERE);
        beat(THERE);
        pass(Duration.ofSeconds(25));
        beat(HERE);
        presence.heard(THERE);
        pass(Duration.ofSeconds(25));

        assertThat(presence.isSilent(THERE)).isFalse();
    }

    @Test
    void the_clocks_of_others_count_for_nothing() {
        beat(HERE);
        presence.heard(status(THERE, NodeStatus.State.READY, Instant.EPOCH));

        assertThat(presence.isSilent(THERE)).isFalse();
    }

    @Test
    void who_says_goodbye_is_gone_at_once_until_it_speaks_again() {
        presence.heard(status(THERE, NodeStatus.State.STOPPED, Instant.now()));
        assertThat(presence.isSilent(THERE)).isTrue();

        beat(THERE);

        assertThat(presence.isSilent(THERE)).isFalse();
    }

    @Test
    void who_does_not_hear_itself_takes_nobody_for_silent_and_counts_anew_afterwards() {
        beat(HERE);
        beat(THERE);
        pass(Duration.ofSeconds(40));
        assertThat(presence.isSilent(THERE)).isFalse();

        beat(HERE);
        assertThat(presence.isSilent(THERE)).isFalse();
        pass(Duration.ofSeconds(20));
        beat(HERE);
        pass(Duration.ofSeconds(11));

        assertThat(presence.isSilent(THERE)).isTrue();
    }

    @Test
    void who_was_never_heard_is_waited_for_as_long() {
        beat(HERE);
        assertThat(presence.isSilent(THERE)).isFalse();
        pass(Duration.ofSeconds(29));
        beat(HERE);
        pass(Duration.ofSeconds(2));

        assertThat(presence.isSilent(THERE)).isTrue();
    }

    /** What makes it safe that others take over: the one ends before the other begins. */
    @Test
    void a_word_is_too_old_to_start_by_long_before_its_speaker_is_silent() {
        assertThat(Mandate.FRESH.multipliedBy(2)).isLessThanOrEqualTo(Presence.SILENCE);
    }

    private void beat(NodeId node) {
        presence.heard(status(node, NodeStatus.State.READY, Instant.now()));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static NodeStatus status(NodeId node, NodeStatus.State state, Instant heartbeat) {
        Grant grant = new Grant(0, 0, 0);
        return new NodeStatus(
                node, "test", null, state, null, grant, grant, 0, 0, Map.of(), heartbeat);
    }
}
