package dev.longshore.board;

import static dev.longshore.board.Samples.T0;
import static dev.longshore.board.Samples.id;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.board.TailRecord.End;
import dev.longshore.board.TailRecord.Gap;
import dev.longshore.board.TailRecord.Hello;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import dev.longshore.job.LogStreamRequest;
import dev.longshore.job.LogStreamRequest.Scope;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Logs of executions that were tried more than once: the count of lines starts again each time. */
class LogAttemptsTest {
    private static final ExecutionId ID = id("exec");
    private static final long ALL = LogStreamRequest.ALL;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final ScriptedFeed feed = new ScriptedFeed(context);
    private final Board board = new Board(vertx, new BoardSettings(100, 100, 4 << 10, 10));
    private long sequence;

    @BeforeEach
    void open() {
        board.open(context, feed);
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void all_attempts_are_told_in_their_order() {
        threeAttempts();
        assertThat(read(ALL, -1, Scope.ALL))
                .containsExactly(
                        "hello 1",
                        "1-0",
                        "1-1",
                        "hello 2",
                        "2-0",
                        "2-1",
                        "2-2",
                        "hello 3",
                        "3-0",
                        "3-1",
                        "end succeeded 1");
    }

    @Test
    void one_attempt_is_told_alone() {
        threeAttempts();
        assertThat(read(ALL, -1, new Scope(1, 0, null, null)))
                .containsExactly("hello 1", "1-0", "1-1", "end failed 1");
        assertThat(read(ALL, -1, new Scope(2, 0, null, null)))
                .containsExactly("hello 2", "2-0", "2-1", "2-2", "end failed 2");
        assertThat(read(ALL, -1, new Scope(3, 0, null, null)))
                .containsExactly("hello 3", "3-0", "3-1", "end succeeded 1");
        assertThat(read(2, -1, new Scope(2, 0, null, null)))
                .containsExactly("hello 2", "2-1", "2-2", "end failed 2");
    }

    @Test
    void who_comes_back_goes_on_in_the_attempt_that_it_was_in() {
        threeAttempts();
        assertThat(read(ALL, 0, new Scope(0, 2, null, null)))
                .containsExactly(
                        "hello 2", "2-1", "2-2", "hello 3", "3-0", "3-1", "end succeeded 1");
        assertThat(read(ALL, 1, new Scope(0, 1, null, null)))
                .startsWith("hello 1", "hello 2", "2-0");
        assertThat(read(ALL, 0, Scope.ALL))
                .as("without an attempt it is the latest")
                .containsExactly("hello 3", "3-1", "end succeeded 1");
    }

    @Test
    void the_last_lines_may_reach_into_an_earlier_attempt() {
        threeAttempts();
        assertThat(read(3, -1, Scope.ALL))
                .containsExactly("hello 2", "2-2", "hello 3", "3-0", "3-1", "end succeeded 1");
        assertThat(read(2, -1, Scope.ALL))
                .containsExactly("hello 3", "3-0", "3-1", "end succeeded 1");
    }

    @Test
    void only_lines_of_the_time_asked_for_are_told() {
        threeAttempts();
        Instant second = T0.plusSeconds(2);
        assertThat(read(ALL, -1, new Scope(0, 0, second, second.plusMillis(500))))
                .containsExactly(
                        "hello 1", "hello 2", "2-0", "2-1", "2-2", "hello 3", "end succeeded 1");
        assertThat(read(1, -1, new Scope(0, 0, null, second.plusMillis(500))))
                .startsWith("hello 2", "2-2");
    }

    @Test
    void lines_of_an_earlier_attempt_that_come_late_are_not_taken_for_new_ones() {
        run(
                () -> {
                    running(1);
                    feed.write(line(1, 0));
                    running(2);
                    feed.write(line(2, 0));
                    feed.write(line(1, 0));
                    feed.write(line(1, 1));
                    feed.write(line(2, 1));
                    end(2, 2);
                });
        assertThat(read(ALL, -1, Scope.ALL))
                .containsExactly("hello 1", "1-0", "hello 2", "2-0", "2-1", "end succeeded 1");
    }

    @Test
    void a_follower_of_one_attempt_ends_where_the_next_one_begins() {
        run(
                () -> {
                    running(1);
                    feed.write(line(1, 0));
                });
        Reader reader = new Reader(request(ALL, true, -1, new Scope(1, 0, null, null)));
        reader.until("1-0");
        run(
                () -> {
                    running(2);
                    feed.write(line(2, 0));
                });
        assertThat(reader.rest()).containsExactly("end failed 0");
    }

    @Test
    void a_follower_of_an_attempt_to_come_waits_for_it() {
        run(
                () -> {
                    running(1);
                    feed.write(line(1, 0));
                });
        Reader reader = new Reader(request(ALL, true, -1, new Scope(2, 0, null, null)));
        reader.until("hello 2");
        run(
                () -> {
                    running(2);
                    feed.write(line(2, 0));
                    end(2, 1);
                });
        assertThat(reader.rest()).containsSubsequence("2-0", "end succeeded 0");
    }

    @Test
    void an_attempt_that_printed_nothing_needs_no_introduction_and_its_end_is_the_end() {
        run(
                () -> {
                    running(1);
                    feed.write(line(1, 0));
                    running(2);
                    end(2, 0);
                });
        assertThat(read(ALL, -1, Scope.ALL)).containsExactly("hello 1", "1-0", "end succeeded -1");
    }

    @Test
    void what_a_slow_reader_lost_is_told_for_each_attempt() {
        TailQueue queue = new TailQueue(1_000, () -> {}, () -> {});
        queue.blocked();
        queue.addOrDropOldest(new Hello(ID, 1, ExecutionState.RUNNING, 0));
        IntStream.range(0, 20).forEach(i -> queue.addOrDropOldest(new TailRecord.Line(line(1, i))));
        queue.addOrDropOldest(new Hello(ID, 2, ExecutionState.RUNNING, 0));
        IntStream.range(0, 30).forEach(i -> queue.addOrDropOldest(new TailRecord.Line(line(2, i))));

        List<String> got = queue.poll(10_000).stream().map(LogAttemptsTest::told).toList();

        assertThat(got).startsWith("hello 1", "gap 0 19", "hello 2");
        assertThat(got.get(3)).startsWith("gap 0 ");
        assertThat(got.getLast()).isEqualTo("2-29");
    }

    private void threeAttempts() {
        run(
                () -> {
                    for (int attempt = 1; attempt <= 3; attempt++) {
                        running(attempt);
                        for (int seq = 0; seq < (attempt == 2 ? 3 : 2); seq++) {
                            feed.write(line(attempt, seq));
                        }
                    }
                    end(3, 2);
                });
    }

    private void running(int attempt) {
        if (attempt > 1) {
            board.status(status(attempt, ExecutionState.ACCEPTED, null));
        }
        LogPosition log = new LogPosition("logs", 0, feed.topic.size());
        board.status(status(attempt, ExecutionState.RUNNING, log));
    }

    private void end(int attempt, long lines) {
        feed.write(new LogRecord.End(ID, attempt, lines, true));
        board.result(Samples.result(ID, 0, new LogPosition("logs", 0, 0), lines));
        board.status(status(attempt, ExecutionState.SUCCEEDED, null));
    }

    private StatusEvent status(int attempt, ExecutionState state, @Nullable LogPosition log) {
        StatusEvent first = Samples.status(ID, ++sequence, state, log);
        return new StatusEvent(
                ID,
                first.jobId(),
                first.nodeId(),
                attempt,
                sequence,
                state,
                null,
                null,
                null,
                first.time(),
                null,
                first.image(),
                first.resources(),
                log,
                first.specHash());
    }

    /** Attempt n prints in second n. */
    private static LogRecord.Line line(int attempt, long seq) {
        Instant time = T0.plusSeconds(attempt).plusNanos(seq);
        return new LogRecord.Line(ID, attempt, seq, LogStream.STDOUT, time, new byte[50], false);
    }

    private static LogStreamRequest request(long tail, boolean follow, long after, Scope scope) {
        return new LogStreamRequest(ID, tail, follow, after, null, scope);
    }

    private List<String> read(long tail, long after, Scope scope) {
        return new Reader(request(tail, false, after, scope)).rest();
    }

    private void run(Runnable step) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(
                v -> {
                    step.run();
                    done.complete(null);
                });
        done.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static String told(TailRecord record) {
        return switch (record) {
            case Hello hello -> "hello " + hello.attempt();
            case TailRecord.Line(LogRecord.Line line) -> line.attempt() + "-" + line.seq();
            case TailRecord.Lines lines -> "lines " + lines.run().firstSeq();
            case Gap gap -> "gap " + gap.from() + " " + gap.to();
            case TailRecord.State state -> state.state().wireName();
            case End end -> "end " + end.state().wireName() + " " + end.lastSeq();
            case TailRecord.UpToDate upToDate -> "up-to-date";
            case TailRecord.Broken broken -> "broken " + broken.cause().getMessage();
        };
    }

    /** Reads as fast as it can, on the board's own context. */
    private final class Reader {
        private final BlockingQueue<TailRecord> got = new LinkedBlockingQueue<>();
        private @Nullable LogTail tail;

        Reader(LogStreamRequest request) {
            run(() -> tail = board.tail(request, v -> take()));
        }

        private void take() {
            List<TailRecord> some;
            do {
                some = tail == null ? List.of() : tail.poll(1_000);
                got.addAll(some);
            } while (!some.isEmpty());
        }

        void until(String wanted) {
            String last;
            do {
                last = told(next());
            } while (!last.equals(wanted));
        }

        List<String> rest() {
            List<TailRecord> all = new ArrayList<>();
            do {
                all.add(next());
            } while (!(all.getLast() instanceof TailRecord.Last));
            return all.stream().map(LogAttemptsTest::told).toList();
        }

        private TailRecord next() {
            try {
                TailRecord next = got.poll(15, TimeUnit.SECONDS);
                assertThat(next).as("a record").isNotNull();
                return Objects.requireNonNull(next);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
