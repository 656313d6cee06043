package dev.longshore.board;

import static dev.longshore.board.Samples.end;
import static dev.longshore.board.Samples.id;
import static dev.longshore.board.Samples.line;
import static dev.longshore.board.Samples.result;
import static dev.longshore.board.Samples.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.board.TailRecord.Broken;
import dev.longshore.board.TailRecord.End;
import dev.longshore.board.TailRecord.Gap;
import dev.longshore.board.TailRecord.Hello;
import dev.longshore.board.TailRecord.State;
import dev.longshore.board.TailRecord.UpToDate;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import dev.longshore.job.LogStreamRequest;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

class LogTailTest {
    private static final ExecutionId ID = id("exec");
    private static final ExecutionId OTHER = id("other");
    private static final LogPosition LOG = new LogPosition("logs", 0, 0);
    private static final int QUEUE_BYTES = 4 << 10;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final ScriptedFeed feed = new ScriptedFeed(context);
    private final Board board = new Board(vertx, new BoardSettings(100, 100, QUEUE_BYTES, 3));

    @BeforeEach
    void open() {
        board.open(context, feed);
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_finished_log_is_read_to_its_end() {
        finished(3);
        assertThat(told(new Reader(LogStreamRequest.everything(ID)).all()))
                .containsExactly("hello succeeded 0", "0", "1", "2", "end succeeded 0 2 true");
    }

    @Test
    void lines_of_other_executions_are_left_out() {
        run(
                () -> {
                    board.status(status(ID, 1, ExecutionState.RUNNING, LOG));
                    feed.write(line(OTHER, 0, "x"));
                    feed.write(line(ID, 0, "a"));
                    feed.write(line(OTHER, 1, "x"));
                    feed.write(line(ID, 1, "b"));
                });
        assertThat(told(new Reader(LogStreamRequest.everything(ID)).all()))
                .containsExactly("hello running 0", "0", "1", "up-to-date");
    }

    @Test
    void history_and_live_join_without_hole_or_repetition() {
        run(
                () -> {
                    board.status(status(ID, 1, ExecutionState.RUNNING, LOG));
                    IntStream.range(0, 50).forEach(i -> feed.write(line(ID, i, "h")));
                    // While history is read, more is written.
                    feed.beforeHistory =
                            () -> {
                                for (int i = 0; i < 2 && feed.topic.size() < 80; i++) {
                                    feed.write(line(ID, feed.topic.size(), "l"));
                                }
                            };
                });
        Reader reader = new Reader(LogStreamRequest.following(ID));
        reader.until("79");
        run(() -> finish(80));
        assertThat(told(reader.all()).stream().filter(t -> t.matches("\\d+")))
                .containsExactlyElementsOf(
                        LongStream.range(0, 80).mapToObj(Long::toString).toList());
    }

    @Test
    void more_live_lines_than_can_be_kept_aside_are_fetched_by_another_round() {
        String text = "x".repeat(100);
        run(
                () -> {
                    board.status(status(ID, 1, ExecutionState.RUNNING, LOG));
                    IntStream.range(0, 100).forEach(i -> feed.write(line(ID, i, text)));
                    feed.beforeHistory =
                            () -> {
                                for (int i = 0; i < 3 && feed.topic.size() < 250; i++) {
                                    feed.write(line(ID, feed.topic.size(), text));
                                }
                            };
                });
        Reader reader = new Reader(LogStreamRequest.following(ID));
        reader.until("249");
        run(() -> finish(250));
        List<String> all = told(reader.all());
        assertThat(all.stream().filter(t -> t.matches("\\d+")))
                .hasSize(250)
                .doesNotHaveDuplicates();
        assertThat(all).noneMatch(t -> t.startsWith("gap"));
        assertThat(feed.readings).isGreaterThan(1);
    }

    @Test
    void a_reader_that_comes_before_the_start_waits_for_it() {
        run(() -> board.status(status(ID, 1, ExecutionState.ACCEPTED, null)));
        Reader reader = new Reader(LogStreamRequest.following(ID));
        run(
                () -> {
                    board.status(status(ID, 2, ExecutionState.STARTING, null));
                    board.status(status(ID, 3, ExecutionState.RUNNING, LOG));
                    feed.write(line(ID, 0, "a"));
                });
        reader.until("0");
        run(() -> finish(1));
        assertThat(told(reader.all()))
                .containsExactly(
                        "hello accepted 0", "starting", "running", "0", "end succeeded 0 0 true");
    }

    @Test
    void an_execution_that_is_only_asked_for_can_be_followed() {
        board.expect(ID, new JobId("job"));
        Reader reader = new Reader(LogStreamRequest.following(ID));
        finished(1);
        assertThat(told(reader.all()))
                .containsExactly("hello running 0", "0", "end succeeded 0 0 true");
    }

    @Test
    void an_execution_that_never_ran_ends_at_once() {
        run(
                () -> {
                    board.status(status(ID, 1, ExecutionState.ACCEPTED, null));
                    board.result(result(ID, 1, LOG, 0));
                    board.status(status(ID, 2, ExecutionState.FAILED, null));
                });
        assertThat(told(new Reader(LogStreamRequest.following(ID)).all()))
                .containsExactly("hello failed 0", "end failed 1 -1 true");
    }

    @Test
    void without_follow_a_log_that_has_not_started_is_empty() {
        run(() -> board.status(status(ID, 1, ExecutionState.ACCEPTED, null)));
        assertThat(told(new Reader(LogStreamRequest.everything(ID)).all()))
                .containsExactly("hello accepted 0", "up-to-date");
    }

    @Test
    void an_unknown_execution_is_refused() {
        assertThatThrownBy(() -> board.tail(LogStreamRequest.everything(id("nobody")), v -> {}))
                .isInstanceOf(TailRefusedException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void tail_gives_the_last_lines_and_zero_only_what_is_new() {
        run(
                () -> {
                    board.status(status(ID, 1, ExecutionState.RUNNING, LOG));
                    IntStream.range(0, 300).forEach(i -> feed.write(line(ID, i, "h")));
                });
        assertThat(told(new Reader(new LogStreamRequest(ID, 2, false, -1, null)).all()))
                .containsExactly("hello running 0", "298", "299", "up-to-date");
        assertThat(told(new Reader(new LogStreamRequest(ID, 100, false, -1, null)).all()))
                .hasSize(102);
        assertThat(told(new Reader(new LogStreamRequest(ID, 1000, false, -1, null)).all()))
                .hasSize(302);
        Reader fresh = new Reader(new LogStreamRequest(ID, 0, true, -1, null));
        fresh.untilLive();
        run(() -> feed.write(line(ID, 300, "new")));
        fresh.until("300");
        run(() -> finish(301));
        assertThat(told(fresh.all()))
                .containsExactly("hello running 0", "300", "end succeeded 0 300 true");
    }

    @Test
    void after_starts_behind_a_seq_and_a_stream_can_be_left_out() {
        run(
                () -> {
                    board.status(status(ID, 1, ExecutionState.RUNNING, LOG));
                    for (int i = 0; i < 10; i++) {
                        feed.write(
                                line(ID, i, i % 2 == 0 ? LogStream.STDOUT : LogStream.STDERR, "t"));
                    }
                });
        assertThat(
                        told(
                                new Reader(
                                                new LogStreamRequest(
                                                        ID, LogStreamRequest.ALL, false, 6, null))
                                        .all()))
                .containsExactly("hello running 7", "7", "8", "9", "up-to-date");
        assertThat(
                        told(
                                new Reader(
                                                new LogStreamRequest(
                                                        ID,
                                                        LogStreamRequest.ALL,
                                                        false,
                                                        3,
                                                        LogStream.STDERR))
                                        .all()))
                .containsExactly("hello running 4", "5", "7", "9", "up-to-date");
        assertThat(told(new Reader(new LogStreamRequest(ID, 2, false, -1, LogStream.STDOUT)).all()))
                .containsExactly("hello running 0", "6", "8", "up-to-date");
    }

    @Test
    void lines_written_twice_are_told_once() {
        run(
                () -> {
                    board.status(status(ID, 1, ExecutionState.RUNNING, LOG));
                    LongStream.of(0, 1, 2, 1, 2, 3).forEach(i -> feed.write(line(ID, i, "t")));
                });
        assertThat(told(new Reader(LogStreamRequest.everything(ID)).all()))
                .containsExactly("hello running 0", "0", "1", "2", "3", "up-to-date");
        assertThat(told(new Reader(new LogStreamRequest(ID, 2, false, -1, null)).all()))
                .containsExactly("hello running 0", "2", "3", "up-to-date");
    }

    @Test
    void what_is_missing_is_told() {
        run(
                () -> {
                    board.status(status(ID, 1, ExecutionState.RUNNING, LOG));
                    feed.write(line(ID, 2, "t"));
                    feed.write(new LogRecord.Gap(ID, 1, "engine-restart", 3));
                    feed.write(line(ID, 6, "t"));
                    feed.write(new LogRecord.Gap(ID, 1, "log-limit", -1));
                    finish(10);
                });
        assertThat(told(new Reader(LogStreamRequest.everything(ID)).all()))
                .containsExactly(
                        "hello succeeded 0",
                        "gap 0 1 retention",
                        "2",
                        "gap 3 5 engine-restart",
                        "6",
                        "gap 7 9 log-limit",
                        "end succeeded 0 9 true");
    }

    @Test
    void a_log_that_the_topic_has_let_go_of_ends_as_incomplete() {
        finished(3);
        run(() -> feed.firstOffset = 4);
        assertThat(told(new Reader(LogStreamRequest.following(ID)).all()))
                .containsExactly(
                        "hello succeeded 0", "gap 0 2 retention", "end succeeded 0 2 false");
    }

    @Test
    void states_are_told_on_the_way() {
        run(() -> board.status(status(ID, 1, ExecutionState.RUNNING, LOG)));
        Reader reader = new Reader(LogStreamRequest.following(ID));
        reader.untilLive();
        run(
                () -> {
                    board.status(status(ID, 2, ExecutionState.STOPPING, LOG));
                    finish(0);
                });
        assertThat(told(reader.all()))
                .containsExactly("hello running 0", "stopping", "end succeeded 0 -1 true");
    }

    @Test
    void a_slow_reader_loses_the_oldest_and_is_told_how_many_while_a_fast_one_gets_all() {
        run(() -> board.status(status(ID, 1, ExecutionState.RUNNING, LOG)));
        Reader slow = new Reader(LogStreamRequest.following(ID));
        Reader fast = new Reader(LogStreamRequest.following(ID));
        slow.untilLive();
        fast.untilLive();
        slow.hold();
        String text = "x".repeat(100);
        for (int i = 0; i < 1000; i++) {
            int seq = i;
            run(() -> feed.write(line(ID, seq, text)));
            fast.until(Integer.toString(i));
        }
        run(() -> finish(1000));
        slow.release();

        List<TailRecord> got = slow.all();
        long lost =
                got.stream()
                        .mapToLong(r -> r instanceof Gap gap ? gap.to() - gap.from() + 1 : 0)
                        .sum();
        long lines = got.stream().filter(TailRecord.Line.class::isInstance).count();
        assertThat(lost).isPositive();
        assertThat(lost + lines).isEqualTo(1000);
        assertThat(got)
                .anyMatch(r -> r instanceof Gap gap && gap.reason().equals(Gap.SLOW_CONSUMER));
        assertThat(lines * (text.length() + 64)).isLessThanOrEqualTo(QUEUE_BYTES);
        assertThat(told(fast.all()).stream().filter(t -> t.matches("\\d+"))).hasSize(1000);
    }

    @Test
    void history_waits_for_a_slow_reader_and_loses_nothing() {
        String text = "x".repeat(100);
        run(
                () -> {
                    board.status(status(ID, 1, ExecutionState.RUNNING, LOG));
                    IntStream.range(0, 500).forEach(i -> feed.write(line(ID, i, text)));
                });
        Reader slow = new Reader(LogStreamRequest.everything(ID), true);
        assertThat(slow.queuedBytesAtMost()).isLessThanOrEqualTo(QUEUE_BYTES + 200);
        slow.release();
        assertThat(told(slow.all())).hasSize(502).noneMatch(t -> t.startsWith("gap"));
    }

    @Test
    void where_the_topic_cannot_be_read_the_reader_is_told() {
        run(
                () -> {
                    board.status(status(ID, 1, ExecutionState.RUNNING, LOG));
                    feed.write(line(ID, 0, "t"));
                    feed.failure = new IllegalStateException("no broker");
                });
        assertThat(new Reader(LogStreamRequest.following(ID)).all().getLast())
                .isInstanceOfSatisfying(
                        Broken.class, b -> assertThat(b.cause()).hasMessage("no broker"));
    }

    @Test
    void a_reader_that_leaves_leaves_nothing_behind() {
        run(() -> board.status(status(ID, 1, ExecutionState.RUNNING, LOG)));
        List<Reader> readers =
                IntStream.range(0, 3)
                        .mapToObj(i -> new Reader(LogStreamRequest.following(ID)))
                        .toList();
        readers.forEach(Reader::untilLive);
        assertThatThrownBy(() -> new Reader(LogStreamRequest.following(ID)))
                .hasCauseInstanceOf(TailRefusedException.class);

        readers.forEach(Reader::leave);

        assertThat(board.openTails()).isZero();
        assertThat(run(() -> feed.live.size() + feed.openReadings + board.openWaits())).isZero();
    }

    @Test
    void a_wait_for_the_result_ends_with_it_and_a_closed_one_leaves_nothing_behind() {
        run(() -> board.status(status(ID, 1, ExecutionState.RUNNING, LOG)));
        ResultWait given = run(() -> board.awaitResult(ID));
        ResultWait closed = run(() -> board.awaitResult(ID));
        run(closed::close);
        assertThat(board.openWaits()).isEqualTo(1);
        run(() -> finish(0));
        assertThat(joined(given.result()).outcome().exitCode()).isZero();
        assertThat(closed.result().isComplete()).isFalse();
        assertThat(board.openWaits()).isZero();
        assertThat(run(() -> board.awaitResult(ID)).result().isComplete()).isTrue();
    }

    private void finished(int lines) {
        run(
                () -> {
                    board.status(status(ID, 1, ExecutionState.RUNNING, LOG));
                    IntStream.range(0, lines).forEach(i -> feed.write(line(ID, i, "line " + i)));
                    finish(lines);
                });
    }

    private void finish(long lines) {
        feed.write(end(ID, lines));
        board.result(result(ID, 0, LOG, lines));
        board.status(status(ID, 100, ExecutionState.SUCCEEDED, LOG));
    }

    private void run(Runnable step) {
        run(
                () -> {
                    step.run();
                    return true;
                });
    }

    private <T> T run(Callable<T> step) {
        CompletableFuture<T> done = new CompletableFuture<>();
        context.runOnContext(
                v -> {
                    try {
                        done.complete(step.call());
                    } catch (Exception e) {
                        done.completeExceptionally(e);
                    }
                });
        return done.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private Context contextOfItsOwn() {
        CompletableFuture<Context> own = new CompletableFuture<>();
        joined(
                vertx.deployVerticle(
                        new VerticleBase() {
                            @Override
                            public Future<?> start() {
                                own.complete(context);
                                return Future.succeededFuture();
                            }
                        }));
        return own.join();
    }

    private static <T> T joined(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static List<String> told(List<TailRecord> records) {
        return records.stream().map(LogTailTest::told).toList();
    }

    private static String told(TailRecord record) {
        return switch (record) {
            case Hello h -> "hello " + h.state().wireName() + " " + h.nextSeq();
            case TailRecord.Line l -> Long.toString(l.line().seq());
            case TailRecord.Lines l -> "lines " + l.run().firstSeq();
            case Gap g -> "gap " + g.from() + " " + g.to() + " " + g.reason();
            case State s -> s.state().wireName();
            case End e ->
                    "end "
                            + e.state().wireName()
                            + " "
                            + e.exitCode()
                            + " "
                            + e.lastSeq()
                            + " "
                            + e.complete();
            case UpToDate u -> "up-to-date";
            case Broken b -> "broken " + b.cause().getMessage();
        };
    }

    /** Reads on a context of its own, as fast as it can unless held. */
    private final class Reader {
        private final BlockingQueue<TailRecord> got = new LinkedBlockingQueue<>();
        private final List<TailRecord> taken = new ArrayList<>();
        private final Context own = contextOfItsOwn();
        private final AtomicReference<@Nullable LogTail> tail = new AtomicReference<>();
        private boolean held;

        Reader(LogStreamRequest request) {
            this(request, false);
        }

        /** Held from the beginning where {@code held}: later it may have read it all. */
        Reader(LogStreamRequest request, boolean held) {
            this.held = held;
            CompletableFuture<LogTail> opened = new CompletableFuture<>();
            own.runOnContext(
                    v -> {
                        try {
                            LogTail open = board.tail(request, w -> pull());
                            tail.set(open);
                            opened.complete(open);
                        } catch (TailRefusedException e) {
                            opened.completeExceptionally(e);
                        }
                    });
            opened.join();
        }

        private LogTail tail() {
            return Objects.requireNonNull(tail.get(), "not open");
        }

        private void pull() {
            if (held) {
                return;
            }
            List<TailRecord> some = tail().poll(500);
            while (!some.isEmpty()) {
                got.addAll(some);
                some = tail().poll(500);
            }
        }

        void hold() {
            onOwn(
                    () -> {
                        held = true;
                        tail().blocked();
                    });
        }

        void release() {
            onOwn(
                    () -> {
                        held = false;
                        pull();
                    });
        }

        void leave() {
            onOwn(() -> tail().close());
        }

        private void onOwn(Runnable step) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            own.runOnContext(
                    v -> {
                        step.run();
                        done.complete(null);
                    });
            done.join();
        }

        /**
         * Until the tail has caught up: the first record is there and no history is being read any
         * more.
         */
        void untilLive() {
            if (taken.isEmpty()) {
                take();
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!run(
                    () -> feed.live.size() > 0 && feed.openReadings == 0 && feed.readings > 0)) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        }

        void until(String told) {
            while (taken.isEmpty() || !told(taken.getLast()).equals(told)) {
                take();
            }
        }

        List<TailRecord> all() {
            while (taken.isEmpty() || !(taken.getLast() instanceof TailRecord.Last)) {
                take();
            }
            onOwn(() -> tail().close());
            return taken;
        }

        int queuedBytesAtMost() {
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!tail().queue().full()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
            return run(() -> tail().queue().bytes());
        }

        private void take() {
            try {
                TailRecord next = got.poll(10, TimeUnit.SECONDS);
                assertThat(next).as("a record after %s", told(taken)).isNotNull();
                taken.add(next);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
