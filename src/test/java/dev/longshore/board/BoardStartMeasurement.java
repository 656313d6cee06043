package dev.longshore.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.LogPosition;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.KafkaClients;
import dev.longshore.kafka.KafkaSettings;
import dev.longshore.kafka.TopicSetup;
import dev.longshore.testing.TestBroker;
import dev.longshore.wire.EventCodec;
import dev.longshore.wire.Message;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long a board takes to read what was said before, and what of the heap each execution takes:
 * four status events and a result for each. No part of the build, since it is no test by its name:
 * {@code mvn -B verify -DskipUnitTests -Dit.test=BoardStartMeasurement
 * -Dlongshore.board.executions=100000}.
 */
class BoardStartMeasurement {
    private static final Logger LOG = LoggerFactory.getLogger(BoardStartMeasurement.class);
    private static final int EXECUTIONS = Integer.getInteger("longshore.board.executions", 10_000);
    private static final List<ExecutionState> STATES =
            List.of(
                    ExecutionState.ACCEPTED,
                    ExecutionState.STARTING,
                    ExecutionState.RUNNING,
                    ExecutionState.SUCCEEDED);
    private static final long DEADLINE_SECONDS = 300;

    private final KafkaSettings kafka = TestBroker.settings();
    private final EventCodec codec = new EventCodec();

    @Test
    void a_board_takes_in_what_was_said_before() {
        Vertx vertx = Vertx.vertx();
        await(new TopicSetup(vertx.getOrCreateContext(), kafka).ensure());
        write();
        long before = usedBytes();
        BoardSettings settings = new BoardSettings(EXECUTIONS, 200, 1 << 20, 10);
        Board board = new Board(vertx, settings);
        long began = System.nanoTime();
        await(vertx.deployVerticle(new BoardVerticle(board, new KafkaClients(kafka))));
        while (!board.caughtUp()) {
            assertThat(System.nanoTime() - began)
                    .isLessThan(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS));
            Thread.onSpinWait();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        long bytes = usedBytes() - before;

        LOG.info(
                "MEASURED {} executions: {} ms to catch up, {} bytes of heap for each",
                board.size(),
                millis,
                bytes / EXECUTIONS);
        assertThat(board.size()).isEqualTo(EXECUTIONS);
        await(vertx.close());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // flushed before it is closed
    private void write() {
        Map<String, Object> properties =
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "linger.ms",
                        20,
                        "batch.size",
                        512 << 10);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; n < EXECUTIONS; n++) {
                ExecutionId id = new ExecutionId("execution-of-a-usual-length-" + n);
                LogPosition log = new LogPosition(kafka.topics().logs(), 0, n);
                for (ExecutionState state : STATES) {
                    producer.send(
                            record(
                                    kafka.topics().status(),
                                    codec.status(said(id, state, log), null)));
                }
                producer.send(
                        record(
                                kafka.topics().results(),
                                codec.result(Samples.result(id, 0, log, 100), null)));
            }
            producer.flush();
        }
    }

    private StatusEvent said(ExecutionId id, ExecutionState state, LogPosition log) {
        StatusEvent plain = Samples.status(id, STATES.indexOf(state) + 1, state, log);
        return new StatusEvent(
                id,
                plain.jobId(),
                plain.nodeId(),
                1,
                plain.sequence(),
                state,
                null,
                null,
                null,
                plain.time(),
                "0123456789abcdef".repeat(4),
                new ImageIdentity("busybox", "sha256:" + "0123456789abcdef".repeat(4)),
                plain.resources(),
                null,
                List.of(),
                log,
                plain.specHash(),
                new CommandPosition(kafka.topics().jobs(), 0, log.offset()));
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, Message message) {
        ProducerRecord<byte[], byte[]> written =
                new ProducerRecord<>(topic, message.key(), message.value());
        message.headers().forEach(header -> written.headers().add(header.name(), header.value()));
        return written;
    }

    private static long usedBytes() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
