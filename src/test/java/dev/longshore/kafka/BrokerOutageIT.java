package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.app.dev.EmbeddedBroker;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogRecord;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;
import dev.longshore.testing.TestBroker;

import io.vertx.core.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** A broker of its own that goes away and comes back, or does not. */
class BrokerOutageIT {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerOutageIT.class);
    private static final ExecutionId ID = new ExecutionId("patient");

    @TempDir Path directory;

    private EmbeddedBroker broker;
    private KafkaFixture kafka;

    @BeforeEach
    void open() throws Exception {
        broker = EmbeddedBroker.open(directory, 0);
        kafka = new KafkaFixture(TestBroker.settings(broker.bootstrapServers()));
    }

    @AfterEach
    void close() throws Exception {
        kafka.close();
        broker.close();
    }

    @Test
    void what_is_said_while_the_broker_is_away_is_written_in_order_when_it_is_back()
            throws Exception {
        KafkaEventSink events = new KafkaEventSink(kafka.context, kafka.settings, kafka.events);
        KafkaLineSink lines = new KafkaLineSink(kafka.context, kafka.settings, kafka.events);
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        CommandSource commands = new CommandSource(kafka.context, kafka.settings, kafka.commands);
        KafkaFixture.await(commands.start(deliveries::add));
        kafka.call(() -> events.status(Samples.status(ID, 1, ExecutionState.ACCEPTED), null));
        kafka.call(() -> lines.write(List.of(Samples.line(ID, 0))));
        kafka.produce(kafka.topics.jobs(), 0, "early", "{\"image\": \"busybox\"}");
        Delivery early = deliveries.poll(KafkaFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);

        broker.close();
        List<Future<?>> underway = new ArrayList<>();
        for (int n = 1; n < 100; n++) {
            long number = n;
            underway.add(
                    kafka.start(
                            () ->
                                    events.status(
                                            Samples.status(ID, number + 1, ExecutionState.RUNNING),
                                            null)));
            underway.add(kafka.start(() -> lines.write(List.of(Samples.line(ID, number)))));
        }
        underway.add(kafka.start(() -> events.finish(Samples.finale(ID, 101))));
        early.done();
        assertThat(underway).noneMatch(Future::isComplete);

        broker = EmbeddedBroker.open(directory, broker.port());
        KafkaFixture.await(Future.all(underway));
        assertThat(kafka.read(kafka.topics.status(), 101))
                .extracting(record -> kafka.events.readStatus(Records.message(record)).sequence())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 101).boxed().toList());
        assertThat(kafka.read(kafka.topics.logs(), 101))
                .extracting(record -> kafka.events.readLog(Records.message(record)))
                .filteredOn(logged -> logged instanceof LogRecord.Line)
                .extracting(logged -> ((LogRecord.Line) logged).seq())
                .containsExactlyElementsOf(LongStream.range(0, 100).boxed().toList());
        assertThat(kafka.read(kafka.topics.results(), 1)).hasSize(1);
        KafkaFixture.until(() -> kafka.committed(0) == 1);
        kafka.produce(kafka.topics.jobs(), 0, "late", "{\"image\": \"busybox\"}");
        assertThat(deliveries.poll(KafkaFixture.DEADLINE_SECONDS, TimeUnit.SECONDS)).isNotNull();

        KafkaFixture.await(commands.close());
        kafka.call(events::close);
        kafka.call(lines::close);
    }

    @Test
    void everything_can_be_closed_while_the_broker_is_away() throws Exception {
        KafkaEventSink events = new KafkaEventSink(kafka.context, kafka.settings, kafka.events);
        KafkaLineSink lines = new KafkaLineSink(kafka.context, kafka.settings, kafka.events);
        CommandSource commands = new CommandSource(kafka.context, kafka.settings, kafka.commands);
        ControlSource control = new ControlSource(kafka.context, kafka.settings, kafka.commands);
        EventSource told = new EventSource(kafka.context, kafka.settings, kafka.events);
        LineSource tail = new LineSource(kafka.context, kafka.settings, kafka.events);
        CommandSink sink = new CommandSink(kafka.context, kafka.settings);
        KafkaFixture.await(commands.start(delivery -> {}));
        KafkaFixture.await(control.start(delivery -> {}));
        KafkaFixture.await(told.start(new Deaf()));
        kafka.call(() -> tail.live(batch -> {}));
        kafka.call(() -> events.status(Samples.status(ID, 1, ExecutionState.ACCEPTED), null));
        kafka.call(() -> lines.write(List.of(Samples.line(ID, 0))));

        broker.close();
        Future<Void> status =
                kafka.start(
                        () -> events.status(Samples.status(ID, 2, ExecutionState.RUNNING), null));
        Future<Void> finale = kafka.start(() -> events.finish(Samples.finale(ID, 3)));
        Future<LineSink.Written> line =
                kafka.start(() -> lines.write(List.of(Samples.line(ID, 1))));
        List<Future<?>> closed =
                List.of(
                        timed("commands", commands::close),
                        timed("control", control::close),
                        timed("events", told::close),
                        timed("tail", tail::close),
                        timed("event sink", events::close),
                        timed("line sink", lines::close),
                        timed("command sink", sink::close));
        KafkaFixture.await(Future.all(closed));
        for (Future<?> lost : List.of(status, finale, line)) {
            KafkaFixture.until(lost::isComplete);
            assertThat(lost.failed()).isTrue();
        }
    }

    private Future<Void> timed(String what, Supplier<Future<Void>> close) {
        long began = System.nanoTime();
        return kafka.start(close)
                .onSuccess(
                        done ->
                                LOG.info(
                                        "{} closed after {} ms",
                                        what,
                                        (System.nanoTime() - began) / 1_000_000));
    }

    private static final class Deaf implements EventSource.Listener {
        @Override
        public void status(StatusEvent event) {}

        @Override
        public void result(ExecutionResult result) {}

        @Override
        public void node(NodeStatus status) {}
    }
}
