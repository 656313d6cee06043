package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Grant;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;

import io.vertx.core.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

class NodeIdCheckIT {
    private static final NodeIdCheck.Patience LONG =
            new NodeIdCheck.Patience(Duration.ofSeconds(60), Duration.ofSeconds(50));
    private static final NodeIdCheck.Patience SHORT =
            new NodeIdCheck.Patience(Duration.ofSeconds(60), Duration.ofMillis(500));

    private KafkaFixture kafka;
    private KafkaEventSink other;

    @BeforeEach
    void open() {
        kafka = new KafkaFixture();
        other = new KafkaEventSink(kafka.context, kafka.settings, kafka.events);
    }

    @AfterEach
    void close() {
        kafka.call(other::close);
        kafka.close();
    }

    @Test
    void a_node_that_nobody_heard_of_is_free_at_once() {
        speak(new NodeId("another"), "a", NodeStatus.State.READY);
        KafkaFixture.await(check(LONG).free(null));
        assertThat(kafka.read(kafka.topics.nodes(), 1)).hasSize(1);
    }

    @Test
    void another_heartbeat_of_another_process_refuses_and_names_the_node() {
        speak(NodeStatus.State.READY);
        Future<Void> free = check(LONG).free(null);
        long began = System.nanoTime();
        KafkaFixture.until(
                () -> {
                    speak(NodeStatus.State.READY);
                    return free.isComplete();
                });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONG.silence());
        assertThatThrownBy(() -> KafkaFixture.await(free))
                .isInstanceOf(NodeIdTakenException.class)
                .hasMessageContaining(kafka.settings.nodeId().value())
                .hasMessageContaining("host-1")
                .hasMessageContaining("http://127.0.0.1:9")
                .hasMessageContaining("node.id");
    }

    @Test
    void a_process_that_has_fallen_silent_is_waited_for_and_then_taken_for_dead() {
        speak(NodeStatus.State.READY);
        assertThat(KafkaFixture.await(check(SHORT).free(null))).isNull();
    }

    @Test
    void a_process_that_said_goodbye_is_not_waited_for() {
        speak(NodeStatus.State.READY);
        speak(NodeStatus.State.STOPPED);
        assertThat(KafkaFixture.await(check(LONG).free(null))).isNull();
    }

    @Test
    void a_process_that_is_known_to_be_dead_is_not_waited_for() {
        speak(NodeStatus.State.READY);
        assertThat(KafkaFixture.await(check(LONG).free("instance-a"))).isNull();
    }

    @Test
    void a_process_that_is_known_to_be_dead_does_not_hide_a_living_one() {
        speak(NodeStatus.State.READY);
        speak(kafka.settings.nodeId(), "instance-b", NodeStatus.State.READY);
        Future<Void> free = check(LONG).free("instance-b");
        KafkaFixture.until(
                () -> {
                    speak(NodeStatus.State.READY);
                    return free.isComplete();
                });
        assertThat(free.cause()).isInstanceOf(NodeIdTakenException.class);
    }

    private NodeIdCheck check(NodeIdCheck.Patience patience) {
        return new NodeIdCheck(kafka.context, kafka.settings, kafka.events, patience);
    }

    private void speak(NodeStatus.State state) {
        speak(kafka.settings.nodeId(), "instance-a", state);
    }

    private void speak(NodeId node, String instance, NodeStatus.State state) {
        Grant grant = new Grant(1, 2, 3);
        NodeStatus status =
                new NodeStatus(
                        node,
                        "1",
                        "http://127.0.0.1:9",
                        state,
                        new NodeStatus.Engine("host-1", "1", "1"),
                        grant,
                        grant,
                        0,
                        0,
                        Map.of(),
                        Instant.now(),
                        instance,
                        null);
        kafka.call(() -> other.node(status));
    }
}
