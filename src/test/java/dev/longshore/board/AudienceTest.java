package dev.longshore.board;

import static dev.longshore.board.Samples.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogRecord;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

class AudienceTest {
    private static final ExecutionId ID = new ExecutionId("watched");
    private final Vertx vertx = Vertx.vertx();
    private final Audience audience = new Audience(vertx);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void one_reader_gets_each_record_by_itself_and_at_once() {
        Told reader = joined();

        told(line(ID, 0, "a"), line(ID, 1, "b"));

        assertThat(reader.single).hasSize(2);
        assertThat(reader.runs).isEmpty();
    }

    @Test
    void several_readers_get_the_very_same_run() {
        Told one = joined();
        Told other = joined();

        told(line(ID, 0, "a"), line(ID, 1, "b"));

        assertThat(one.runs).hasSize(1);
        assertThat(other.runs.getFirst()).isSameAs(one.runs.getFirst());
        assertThat(one.seqs).containsExactly(0L, 1L);
    }

    @Test
    void a_run_ends_where_numbers_do_not_go_on_and_order_stays() {
        Told reader = joined();
        joined();

        told(
                line(ID, 0, "a"),
                line(ID, 1, "b"),
                new LogRecord.Gap(ID, 1, "engine-restart", 2),
                line(ID, 4, "e"),
                line(ID, 6, "g"));

        assertThat(reader.seqs).containsExactly(0L, 1L, -1L, 4L, 6L);
        assertThat(reader.runs).extracting(LineRun::firstSeq).containsExactly(0L, 4L, 6L);
        assertThat(reader.runs).extracting(LineRun::lastSeq).containsExactly(1L, 4L, 6L);
    }

    @Test
    void a_run_is_small_beside_a_readers_queue() {
        Told reader = joined();
        joined();
        String text = "x".repeat(1_000);

        told(IntStream.range(0, 100).mapToObj(i -> line(ID, i, text)).toArray(LogRecord[]::new));

        assertThat(reader.runs).hasSizeGreaterThan(5);
        assertThat(reader.runs).allMatch(run -> run.weight() <= LineRun.MAX_WEIGHT);
        assertThat(reader.seqs).hasSize(100).isSorted();
    }

    @Test
    void for_many_readers_lines_are_gathered_and_told_together() throws InterruptedException {
        CountDownLatch heard = new CountDownLatch(1);
        Told reader = joined();
        IntStream.range(0, 2_000).forEach(i -> joined());
        audience.join(
                new LogFeed.Follower() {
                    @Override
                    public void handle(LogRecord entry) {
                        heard.countDown();
                    }

                    @Override
                    public void handleRun(LineRun run) {
                        heard.countDown();
                    }
                });

        told(line(ID, 0, "a"));
        told(line(ID, 1, "b"));
        int atOnce = reader.seqs.size();

        assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(atOnce).isZero();
        assertThat(reader.runs).hasSize(1);
        assertThat(reader.seqs).containsExactly(0L, 1L);
    }

    @Test
    void who_has_left_hears_nothing() {
        Told reader = joined();
        Told other = joined();

        assertThat(audience.leave(reader)).isFalse();
        told(line(ID, 0, "a"));

        assertThat(reader.seqs).isEmpty();
        assertThat(other.seqs).containsExactly(0L);
        assertThat(audience.leave(other)).isTrue();
    }

    private Told joined() {
        Told reader = new Told();
        audience.join(reader);
        return reader;
    }

    private void told(LogRecord... records) {
        for (LogRecord each : records) {
            audience.take(each);
        }
        audience.batchOver();
    }

    /** What one reader was told; -1 stands for what is no line. */
    private static final class Told implements LogFeed.Follower {
        private final List<Long> seqs = new ArrayList<>();
        private final List<LogRecord> single = new ArrayList<>();
        private final List<LineRun> runs = new ArrayList<>();

        @Override
        public void handle(LogRecord entry) {
            single.add(entry);
            seqs.add(entry instanceof LogRecord.Line line ? line.seq() : -1L);
        }

        @Override
        public void handleRun(LineRun run) {
            runs.add(run);
            run.lines().forEach(line -> seqs.add(line.seq()));
        }
    }
}
