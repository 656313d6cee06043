package dev.longshore.kafka;

import io.vertx.core.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.util.List;
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
}
