package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;

import io.vertx.core.Future;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** What every {@link LineSink} keeps. */
abstract class LineSinkContract {
    private static final ExecutionId ID = new ExecutionId("printed");

    abstract LineSink sink();

    /** Calls the sink as it wants to be called. */
    abstract <T> Future<T> start(Supplier<Future<T>> call);

    /**
     * The seqs of the lines of an execution, in the order of their partition, and their offsets.
     */
    abstract List<Stored> stored(int wanted);

    /** A line as it stands. */
    record Stored(int partition, long offset, LogRecord record) {}

    @Test
    void lines_stand_in_the_order_of_the_calls_behind_the_position_where_the_answers_say() {
        LogPosition position = KafkaFixture.await(start(() -> sink().position(ID)));
        List<Future<LineSink.Written>> written = new ArrayList<>();
        for (int batch = 0; batch < 50; batch++) {
            List<LogRecord.Line> lines =
                    LongStream.range(batch * 20L, batch * 20L + 20)
                            .mapToObj(seq -> Samples.line(ID, seq))
                            .toList();
            written.add(start(() -> sink().write(lines)));
        }
        KafkaFixture.await(Future.all(written));

        List<Stored> stored = stored(1_000);
        assertThat(stored)
                .extracting(one -> ((LogRecord.Line) one.record()).seq())
                .containsExactlyElementsOf(LongStream.range(0, 1_000).boxed().toList());
        assertThat(stored)
                .allSatisfy(
                        one -> {
                            assertThat(one.partition()).isEqualTo(position.partition());
                            assertThat(one.offset()).isGreaterThanOrEqualTo(position.offset());
                        });
        LineSink.Written last = written.getLast().result();
        assertThat(last.firstOffset()).isEqualTo(stored.get(980).offset());
        assertThat(last.lastOffset()).isEqualTo(stored.getLast().offset());
    }

    @Test
    void an_empty_batch_is_refused() {
        assertThatThrownBy(() -> KafkaFixture.await(start(() -> sink().write(List.of()))))
                .hasMessageContaining("nothing to write");
    }

    @Test
    void after_close_writing_fails() {
        KafkaFixture.await(start(() -> sink().close()));
        assertThatThrownBy(
                        () ->
                                KafkaFixture.await(
                                        start(() -> sink().write(List.of(Samples.line(ID, 0))))))
                .hasMessageContaining("closed");
    }
}
