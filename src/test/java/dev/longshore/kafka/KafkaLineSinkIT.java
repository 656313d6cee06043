package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogRecord;

import io.vertx.core.Future;

import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

class KafkaLineSinkIT extends LineSinkContract {
    private KafkaFixture kafka;
    private KafkaLineSink sink;

    @BeforeEach
    void open() {
        kafka = new KafkaFixture();
        sink = new KafkaLineSink(kafka.context, kafka.settings, kafka.events);
    }

    @AfterEach
    void close() {
        kafka.call(sink::close);
        kafka.close();
    }

    @Override
    LineSink sink() {
        return sink;
    }

    @Override
    <T> Future<T> start(Supplier<Future<T>> call) {
        return kafka.start(call);
    }

    @Override
    List<Stored> stored(int wanted) {
        return kafka.read(kafka.topics.logs(), wanted).stream()
                .map(
                        record ->
                                new Stored(
                                        record.partition(),
                                        record.offset(),
                                        kafka.events.readLog(Records.message(record))))
                .toList();
    }

    @Test
    void a_line_that_is_larger_than_the_topic_takes_fails_alone_and_the_next_ones_are_written() {
        kafka.limit(kafka.topics.logs(), 10_000);
        ExecutionId id = new ExecutionId("wide");
        LogRecord.Line small = Samples.line(id, 0);
        byte[] random = new byte[50_000];
        new Random(1).nextBytes(random);
        LogRecord.Line wide =
                new LogRecord.Line(id, 1, 1, small.stream(), small.time(), random, small.partial());
        Future<LineSink.Written> both = kafka.start(() -> sink.write(List.of(small, wide)));
        Future<LineSink.Written> next = kafka.start(() -> sink.write(List.of(Samples.line(id, 2))));

        KafkaFixture.await(next);

        KafkaFixture.until(both::isComplete);
        assertThat(both.cause()).isInstanceOf(RecordTooLargeException.class);
        assertThat(stored(2)).hasSize(2);
    }
}
