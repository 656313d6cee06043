package dev.longshore.board;

import static dev.longshore.board.Samples.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import dev.longshore.job.LogStreamRequest;

import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

class LineRunTest {
    private static final ExecutionId ID = new ExecutionId("watched");

    @Test
    void a_form_is_written_once_however_many_read() {
        LineRun run = run(0, 3);
        AtomicInteger written = new AtomicInteger();

        List<Buffer> first = run.written("form", lines -> write(written));
        List<Buffer> again = run.written("form", lines -> write(written));
        run.written("other", lines -> write(written));

        assertThat(again).isSameAs(first);
        assertThat(written).hasValue(2);
    }

    @Test
    void what_comes_next_is_passed_on_whole_and_nothing_else_is() {
        List<TailRecord> out = new ArrayList<>();
        LineJoin join = join(null, out);

        assertThat(join.takeRun(run(1, 2))).as("lines are missing before it").isFalse();
        assertThat(join.takeRun(run(0, 2))).isTrue();
        assertThat(join.takeRun(run(0, 2))).as("again").isFalse();
        assertThat(join.takeRun(run(2, 1))).isTrue();
        join.take(new LogRecord.Gap(ID, 1, "engine-restart", -1));
        assertThat(join.takeRun(run(3, 1))).as("there may be a gap before it").isFalse();

        assertThat(out).hasSize(2).allMatch(record -> record instanceof TailRecord.Lines);
        assertThat(join.lastSeq()).isEqualTo(2);
    }

    @Test
    void who_wants_one_stream_gets_lines_one_by_one() {
        assertThat(join(LogStream.STDERR, new ArrayList<>()).takeRun(run(0, 2))).isFalse();
    }

    @Test
    void runs_that_a_slow_reader_does_not_get_are_told_to_the_line() {
        AtomicInteger woken = new AtomicInteger();
        TailQueue queue = new TailQueue(4_096, woken::incrementAndGet, () -> {});
        queue.blocked();
        for (int i = 0; i < 100; i++) {
            queue.addOrDropOldest(new TailRecord.Lines(run(i * 10L, 10)));
        }

        List<TailRecord> left = queue.poll(Integer.MAX_VALUE);

        TailRecord.Gap gap = (TailRecord.Gap) left.getFirst();
        List<Long> seqs =
                left.stream()
                        .skip(1)
                        .flatMap(record -> ((TailRecord.Lines) record).run().lines().stream())
                        .map(LogRecord.Line::seq)
                        .toList();
        assertThat(gap.from()).isZero();
        assertThat(seqs)
                .isNotEmpty()
                .containsExactlyElementsOf(LongStream.range(gap.to() + 1, 1_000).boxed().toList());
        assertThat(woken).hasValue(1);
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void more_waits_for_a_reader_that_only_had_no_turn_yet() {
        TailQueue queue = new TailQueue(4_096, () -> {}, () -> {});
        IntStream.range(0, 20)
                .forEach(i -> queue.addOrDropOldest(new TailRecord.Lines(run(i * 10L, 10))));

        assertThat(queue.bytes()).isBetween(4_096, 4 * 4_096);
        assertThat(queue.poll(1)).noneMatch(record -> record instanceof TailRecord.Gap);
        queue.blocked();
        queue.addOrDropOldest(new TailRecord.Lines(run(200, 10)));
        assertThat(queue.bytes()).isLessThanOrEqualTo(4_096);
    }

    @Test
    void what_many_read_is_kept_once_and_counts_so() {
        TailQueue queue = new TailQueue(4_096, () -> {}, () -> {});
        IntStream.range(0, 100)
                .forEach(i -> queue.addOrDropOldest(new TailRecord.Lines(run(i * 10L, 10, 1_000))));

        assertThat(queue.bytes()).isGreaterThan(4 * 4_096);
        assertThat(queue.poll(Integer.MAX_VALUE)).hasSize(100);
    }

    private static List<Buffer> write(AtomicInteger written) {
        written.incrementAndGet();
        return List.of(Buffer.buffer("some"));
    }

    private static LineJoin join(@Nullable LogStream stream, List<TailRecord> out) {
        LogStreamRequest request = new LogStreamRequest(ID, LogStreamRequest.ALL, true, -1, stream);
        return new LineJoin(request, new TailSurvey.Found(1, 0), out::add);
    }

    private static LineRun run(long first, int count) {
        return run(first, count, 1);
    }

    private static LineRun run(long first, int count, int readers) {
        return new LineRun(
                IntStream.range(0, count).mapToObj(i -> line(ID, first + i, "text")).toList(),
                readers);
    }
}
