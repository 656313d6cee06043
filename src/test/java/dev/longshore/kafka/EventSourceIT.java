package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;
import dev.longshore.wire.Message;

import io.vertx.core.Future;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

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
    void what_stands_behind_the_open_transaction_of_a_killed_node_is_told_before_caught_up()
            throws Exception {
        KafkaSettings settings = kafka.settings;
        try (Producer<byte[], byte[]> killed =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                settings.bootstrapServers(),
                                "transactional.id",
                                settings.nodeId() + "-elsewhere"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            killed.initTransactions();
            killed.beginTransaction();
            Message ended = kafka.events.status(Samples.finale(BEFORE, 1).status(), null);
            for (int partition = 0; partition < 2; partition++) {
                killed.send(
                                new ProducerRecord<>(
                                        kafka.topics.status(),
                                        partition,
                                        ended.key(),
                                        ended.value()))
                        .get(KafkaFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
            }
            for (ExecutionId id : List.of(BEFORE, AFTER, new ExecutionId("later"))) {
                kafka.call(() -> sink.status(Samples.status(id, 1, ExecutionState.ACCEPTED), null));
            }

            Heard heard = new Heard();
            EventSource source = new EventSource(kafka.context, settings, kafka.events);
            KafkaFixture.await(source.start(heard));
            Future<Integer> toldBefore = source.caughtUp().map(done -> heard.statuses.size());
            killed.abortTransaction();
            assertThat(KafkaFixture.await(toldBefore)).isEqualTo(3);
            KafkaFixture.await(source.close());
        }
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
