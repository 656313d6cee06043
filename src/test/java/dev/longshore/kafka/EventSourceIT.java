package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

class EventSourceIT {
    private static final ExecutionId BEFORE = new ExecutionId("before");
    private static final ExecutionId AFTER = new ExecutionId("after");

    private KafkaFixture kafka;
    private KafkaEventSink sink;

    @BeforeEach
    void open() {
        kafka = new KafkaFixture();
        sink = new KafkaEventSink(kafka.context, kafka.settings, kafka.events);
    }

    @AfterEach
    void close() {
        kafka.call(sink::close);
        kafka.close();
    }

    @Test
    void what_was_there_is_told_before_caught_up_and_what_comes_is_told_afterwards() {
        kafka.call(() -> sink.node(Samples.node()));
        kafka.call(() -> sink.status(Samples.status(BEFORE, 1, ExecutionState.ACCEPTED), null));
        kafka.call(() -> sink.finish(Samples.finale(BEFORE, 2)));
        kafka.produce(kafka.topics.status(), 0, "strange", "not an event");

        Heard heard = new Heard();
        EventSource source = new EventSource(kafka.context, kafka.settings, kafka.events);
        KafkaFixture.await(source.start(heard));
        KafkaFixture.await(source.caughtUp());
        assertThat(heard.statuses).extracting(StatusEvent::sequence).containsExactly(1L, 2L);
        assertThat(heard.results).containsExactly(Samples.result(BEFORE));
        assertThat(heard.nodes).containsExactly(Samples.node());

        kafka.call(() -> sink.finish(Samples.finale(AFTER, 1)));
        KafkaFixture.until(() -> heard.statuses.size() == 3 && heard.results.size() == 2);
        KafkaFixture.await(source.close());
    }

    @Test
    void with_nothing_to_read_it_is_caught_up_at_once() {
        EventSource source = new EventSource(kafka.context, kafka.settings, kafka.events);
        Heard heard = new Heard();
        KafkaFixture.await(source.start(heard));
        KafkaFixture.await(source.caughtUp());
        assertThat(heard.statuses).isEmpty();
        KafkaFixture.await(source.close());
    }

    @Test
    void what_is_committed_behind_a_dead_process_s_transaction_is_told_before_caught_up() {
        ExecutionId torn = new ExecutionId("torn");
        Producer<byte[], byte[]> dead = dieInTransaction(torn);
        KafkaEventSink other =
                new KafkaEventSink(
                        kafka.context, kafka.settings.withNode(new NodeId("other")), kafka.events);
        kafka.call(() -> other.status(Samples.status(torn, 2, ExecutionState.RUNNING), null));

        Heard heard = new Heard();
        EventSource source = new EventSource(kafka.context, kafka.settings, kafka.events);
        KafkaFixture.await(source.start(heard));
        // As a restarted node does: its transactions end those of the earlier life.
        KafkaEventSink next = new KafkaEventSink(kafka.context, kafka.settings, kafka.events);
        KafkaFixture.await(source.caughtUp());
        assertThat(heard.statuses).extracting(StatusEvent::sequence).containsExactly(2L);

        KafkaFixture.await(source.close());
        kafka.call(next::close);
        kafka.call(other::close);
        dead.close(Duration.ZERO);
    }

    /** Writes a final status in a transaction that nobody ends. */
    private Producer<byte[], byte[]> dieInTransaction(ExecutionId id) {
        kafka.call(sink::close);
        Producer<byte[], byte[]> dead =
                new KafkaProducer<>(
                        Map.copyOf(ClientProperties.transactionalProducer(kafka.settings)));
        StatusEvent last = Samples.status(id, 1, ExecutionState.SUCCEEDED);
        // The first calls may find brokers and coordinator not known yet.
        KafkaFixture.until(
                () -> {
                    try {
                        dead.initTransactions();
                        return true;
                    } catch (TimeoutException notYet) {
                        return false;
                    }
                });
        dead.beginTransaction();
        java.util.concurrent.Future<RecordMetadata> sent =
                dead.send(Records.record(kafka.topics.status(), kafka.events.status(last, null)));
        dead.flush();
        assertThat(sent.state()).isEqualTo(java.util.concurrent.Future.State.SUCCESS);
        return dead;
    }

    private static final class Heard implements EventSource.Listener {
        private final List<StatusEvent> statuses = new CopyOnWriteArrayList<>();
        private final List<ExecutionResult> results = new CopyOnWriteArrayList<>();
        private final List<NodeStatus> nodes = new CopyOnWriteArrayList<>();

        @Override
        public void status(StatusEvent event) {
            statuses.add(event);
        }

        @Override
        public void result(ExecutionResult result) {
            results.add(result);
        }

        @Override
        public void node(NodeStatus status) {
            nodes.add(status);
        }
    }
}
