package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.NodeId;

import io.vertx.core.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Whose transactions the broker takes. */
class KafkaNodeFenceIT {
    private KafkaFixture kafka;
    private NodeId lost;
    private KafkaEventSink node;
    private KafkaNodeFence fence;

    @BeforeEach
    void open() {
        kafka = new KafkaFixture();
        lost = kafka.settings.nodeId();
        node = new KafkaEventSink(kafka.context, kafka.settings, kafka.events);
        KafkaSettings others = kafka.settings.withNode(new NodeId("other"));
        fence = new KafkaNodeFence(kafka.context, others, kafka.events);
        kafka.call(node::opened);
    }

    @AfterEach
    void close() {
        kafka.call(node::close);
        kafka.close();
    }

    @Test
    void behind_the_fence_the_node_ends_nothing_more_and_the_other_does() {
        kafka.call(() -> node.finish(Samples.finale(id("before"), 1)));

        NodeFence.Raised raised = kafka.call(() -> fence.raise(lost));
        Future<Void> late = kafka.start(() -> node.finish(Samples.finale(id("late"), 1)));
        assertThatThrownBy(() -> KafkaFixture.await(late)).isInstanceOf(FencedException.class);
        NodeFence.Handover taken =
                new NodeFence.Handover(
                        Samples.status(id("taken"), 5, ExecutionState.ACCEPTED), null);
        kafka.call(() -> raised.write(List.of(Samples.finale(id("settled"), 4)), List.of(taken)));
        kafka.call(raised::close);

        assertThat(kafka.read(kafka.topics.results(), 2))
                .extracting(record -> KafkaFixture.text(record.key()))
                .containsExactlyInAnyOrder("before", "settled");
        assertThat(kafka.read(kafka.topics.status(), 3))
                .extracting(record -> KafkaFixture.text(record.key()))
                .containsExactlyInAnyOrder("before", "settled", "taken");
        Future<Void> ended = kafka.start(node::ended);
        assertThatThrownBy(() -> KafkaFixture.await(ended)).isInstanceOf(FencedException.class);
    }

    @Test
    void the_next_life_of_the_node_takes_its_right_back() {
        NodeFence.Raised raised = kafka.call(() -> fence.raise(lost));
        KafkaEventSink next = new KafkaEventSink(kafka.context, kafka.settings, kafka.events);
        kafka.call(next::opened);

        Future<Void> late =
                kafka.start(() -> raised.write(List.of(Samples.finale(id("late"), 1)), List.of()));
        assertThatThrownBy(() -> KafkaFixture.await(late)).isNotNull();
        kafka.call(raised::close);
        kafka.call(() -> next.finish(Samples.finale(id("well"), 1)));
        kafka.call(next::close);

        assertThat(kafka.read(kafka.topics.results(), 1))
                .extracting(record -> KafkaFixture.text(record.key()))
                .containsExactly("well");
    }

    private static ExecutionId id(String value) {
        return new ExecutionId(value);
    }
}
