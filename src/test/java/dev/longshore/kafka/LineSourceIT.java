package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.testing.TestBroker;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

class LineSourceIT {
    private static final ExecutionId MINE = new ExecutionId("mine");

    private KafkaFixture kafka;
    private KafkaLineSink sink;
    private KafkaEventSink events;
    private LineSource source;

    @BeforeEach
    void open() {
        kafka = new KafkaFixture(TestBroker.settings().withPartitions(1));
        sink = new KafkaLineSink(kafka.context, kafka.settings, kafka.events);
        events = new KafkaEventSink(kafka.context, kafka.settings, kafka.events);
        source = new LineSource(kafka.context, kafka.settings, kafka.events);
    }

    @AfterEach
    void close() {
        kafka.call(source::close);
        kafka.call(sink::close);
        kafka.call(events::close);
        kafka.close();
    }

    @Test
    void history_gives_the_lines_of_one_execution_only_in_order_and_to_the_end() {
        LogPosition from = kafka.call(() -> sink.position(MINE));
        for (int batch = 0; batch < 30; batch++) {
            write(MINE, batch * 100L, 100);
            write(new ExecutionId("other"), batch * 50L, 50);
        }
        kafka.call(() -> events.finish(Samples.finale(MINE, 1)));

        // A commit is acknowledged a moment before its marker stands in every partition.
        KafkaFixture.until(
                () -> kafka.call(() -> source.endOffset(from.partition())) == 3_000 + 1_500 + 2);
        List<LogRecord> read = new ArrayList<>();
        kafka.call(
                () ->
                        source.history(
                                from,
                                4_502,
                                MINE,
                                piece -> {
                                    read.addAll(piece);
                                    return Future.succeededFuture();
                                }));
        assertThat(read.removeLast()).isEqualTo(new LogRecord.End(MINE, 1, 1, true));
        assertThat(seqs(read)).containsExactlyElementsOf(range(0, 3_000));
    }

    @Test
    void history_waits_for_its_sink_and_ends_with_its_failure() {
        LogPosition from = kafka.call(() -> sink.position(MINE));
        write(MINE, 0, 3_000);
        long end = kafka.call(() -> source.endOffset(from.partition()));
        AtomicInteger pieces = new AtomicInteger();
        Promise<Void> slow = Promise.promise();
        Future<Void> reading =
                kafka.start(
                        () ->
                                source.history(
                                        from,
                                        end,
                                        MINE,
                                        piece -> {
                                            pieces.incrementAndGet();
                                            return slow.future();
                                        }));
        KafkaFixture.until(() -> pieces.get() == 1);
        // Another reader goes on meanwhile: the slow one holds no consumer.
        List<LogRecord> read = new ArrayList<>();
        kafka.call(
                () ->
                        source.history(
                                from,
                                end,
                                MINE,
                                piece -> {
                                    read.addAll(piece);
                                    return Future.succeededFuture();
                                }));
        assertThat(read).hasSize(3_000);
        assertThat(pieces).hasValue(1);
        slow.fail(new IllegalArgumentException("enough"));
        assertThatThrownBy(() -> KafkaFixture.await(reading)).hasMessage("enough");
    }

    @Test
    void history_and_live_join_without_loss_or_duplicate_under_load() {
        LogPosition from = kafka.call(() -> sink.position(MINE));
        write(MINE, 0, 2_000);
        // The writer goes on through everything that follows.
        Future<Void> writing = writeOn(2_000, 20_000);

        List<LogRecord> live = new ArrayList<>();
        LineSource.Registration registration =
                kafka.call(
                        () ->
                                source.live(
                                        batch -> {
                                            synchronized (live) {
                                                live.addAll(batch.records());
                                            }
                                        }));
        long end = kafka.call(() -> source.endOffset(from.partition()));
        List<LogRecord> joined = new ArrayList<>();
        kafka.call(
                () ->
                        source.history(
                                from,
                                end,
                                MINE,
                                piece -> {
                                    joined.addAll(piece);
                                    return Future.succeededFuture();
                                }));
        KafkaFixture.await(writing);
        assertThat(joined).isNotEmpty();
        KafkaFixture.until(
                () -> {
                    synchronized (live) {
                        return !live.isEmpty() && ((LogRecord.Line) live.getLast()).seq() == 19_999;
                    }
                });
        long seen = ((LogRecord.Line) joined.getLast()).seq();
        synchronized (live) {
            live.stream()
                    .filter(logged -> ((LogRecord.Line) logged).seq() > seen)
                    .forEach(joined::add);
        }
        assertThat(seqs(joined)).containsExactlyElementsOf(range(0, 20_000));
        kafka.call(
                () -> {
                    registration.close();
                    return Future.succeededFuture();
                });
    }

    private Future<Void> writeOn(long from, long to) {
        if (from >= to) {
            return Future.succeededFuture();
        }
        return kafka.start(() -> sink.write(lines(MINE, from, 200)))
                .compose(written -> writeOn(from + 200, to));
    }

    private void write(ExecutionId id, long from, int count) {
        kafka.call(() -> sink.write(lines(id, from, count)));
    }

    private static List<LogRecord.Line> lines(ExecutionId id, long from, int count) {
        return LongStream.range(from, from + count).mapToObj(seq -> Samples.line(id, seq)).toList();
    }

    private static List<Long> seqs(List<LogRecord> records) {
        return records.stream().map(logged -> ((LogRecord.Line) logged).seq()).toList();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }
}
