package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogRecord;

import io.vertx.core.Future;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

class RecordingLineSinkTest extends LineSinkContract {
    private final RecordingLineSink sink = new RecordingLineSink();

    @Override
    LineSink sink() {
        return sink;
    }

    @Override
    <T> Future<T> start(Supplier<Future<T>> call) {
        return call.get();
    }

    @Override
    List<Stored> stored(int wanted) {
        List<LogRecord> records = sink.records();
        return IntStream.range(0, records.size())
                .mapToObj(index -> new Stored(0, index, records.get(index)))
                .toList();
    }

    @Test
    void what_is_held_is_written_when_released() {
        ExecutionId id = new ExecutionId("held");
        sink.hold();
        Future<LineSink.Written> written = sink.write(List.of(Samples.line(id, 0)));
        assertThat(sink.lines(id)).isEmpty();
        sink.release();
        assertThat(written.result()).isEqualTo(new LineSink.Written(0, 0));
        assertThat(sink.lines(id)).containsExactly("line 0 of held");
    }
}
