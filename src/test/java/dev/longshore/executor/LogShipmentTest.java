package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.docker.Docker;
import dev.longshore.docker.LogEnd;
import dev.longshore.docker.LogFollow;
import dev.longshore.docker.LogRequest;
import dev.longshore.docker.LogSink;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import dev.longshore.job.LogSummary;
import dev.longshore.kafka.LineSink;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What of a log is kept in memory while Kafka takes nothing, and where it comes to stand. */
class LogShipmentTest extends ExecutorFixture {
    private static final ExecutionId ID = new ExecutionId("e1");
    private static final int MOST_BYTES = 1 << 20;
    private static final int LINE_BYTES = 1_000;
    private static final LogPosition START = new LogPosition("logs", 0, 0);

    LogShipmentTest(Vertx vertx) {
        super(vertx);
    }

    @Test
    void while_kafka_takes_nothing_a_megabyte_is_read_and_the_rest_stays_with_the_engine() {
        Slow sink = new Slow();
        Endless log = new Endless();
        LogShipment shipment = shipment(sink, log);

        onContext(() -> log.printUntilPaused(100_000));

        // The line on which it is paused is over the bound already.
        assertThat(sink.bytes()).isBetween((long) MOST_BYTES / 2, (long) MOST_BYTES + LINE_BYTES);
        assertThat(log.paused).isTrue();

        onContext(sink::acknowledgeAll);
        until(() -> !log.paused);
        onContext(log::finish);
        await(shipment.delivered());
        assertThat(shipment.summary().complete()).isTrue();
        assertThat(shipment.summary().lines()).isEqualTo(log.printed);
    }

    @Test
    void a_topic_that_is_made_anew_under_it_is_noticed_and_said() {
        Slow sink = new Slow();
        Endless log = new Endless();
        LogShipment shipment = shipment(sink, log);

        onContext(() -> log.print(3));
        onContext(sink::acknowledgeAll);
        sink.next = 0;
        onContext(() -> log.print(2));
        onContext(sink::acknowledgeAll);
        onContext(log::finish);
        await(shipment.delivered());

        LogSummary summary = shipment.summary();
        assertThat(summary.lines()).isEqualTo(5);
        assertThat(summary.firstOffset()).isZero();
        assertThat(summary.lastOffset()).isEqualTo(1);
        assertThat(summary.complete()).isFalse();
    }

    private LogShipment shipment(LineSink sink, Endless log) {
        LogShipment shipment =
                new LogShipment(sink, results.begin(ID, 1), START, Long.MAX_VALUE, () -> {});
        onContext(() -> shipment.start(log.docker(), new LogRequest("c", ID, 1, 0)));
        return shipment;
    }

    private void onContext(Runnable what) {
        call(
                () -> {
                    what.run();
                    return Future.succeededFuture();
                });
    }

    /** A log of one line after the other. */
    private static final class Endless implements LogFollow {
        private final Promise<LogEnd> end = Promise.promise();
        private @Nullable LogSink sink;
        private int printed;
        private volatile boolean paused;

        /** An engine that can do nothing else. */
        Docker docker() {
            return (Docker)
                    Proxy.newProxyInstance(
                            Docker.class.getClassLoader(),
                            new Class<?>[] {Docker.class},
                            (proxy, method, arguments) -> {
                                assertThat(method.getName()).isEqualTo("follow");
                                sink = (LogSink) arguments[1];
                                return this;
                            });
        }

        void printUntilPaused(int most) {
            while (!paused && printed < most) {
                print(1);
            }
        }

        void print(int lines) {
            LogSink reader = sink;
            for (int i = 0; i < lines && reader != null; i++) {
                reader.accept(
                        List.of(
                                new LogRecord.Line(
                                        ID,
                                        1,
                                        printed++,
                                        LogStream.STDOUT,
                                        Instant.EPOCH,
                                        new byte[LINE_BYTES],
                                        false)));
            }
        }

        void finish() {
            end.complete(new LogEnd(printed, true));
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        @Override
        public Future<LogEnd> end() {
            return end.future();
        }

        @Override
        public void close() {
            end.tryComplete(new LogEnd(printed, false));
        }
    }

    /** Takes everything and acknowledges it when it is told to. */
    private static final class Slow implements LineSink {
        private record Held(List<LogRecord> records, Promise<Written> written) {}

        private final List<Held> held = new ArrayList<>();
        private long next;

        long bytes() {
            return held.stream()
                    .flatMap(each -> each.records().stream())
                    .mapToLong(each -> ((LogRecord.Line) each).bytes().length)
                    .sum();
        }

        void acknowledgeAll() {
            List<Held> all = List.copyOf(held);
            held.clear();
            for (Held each : all) {
                long first = next;
                next += each.records().size();
                each.written().complete(new Written(first, next - 1));
            }
        }

        @Override
        public Future<LogPosition> position(ExecutionId executionId) {
            return Future.succeededFuture(START);
        }

        @Override
        public Future<Written> write(List<? extends LogRecord> batch) {
            Held each = new Held(List.copyOf(batch), Promise.promise());
            held.add(each);
            return each.written().future();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
