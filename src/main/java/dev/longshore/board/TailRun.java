package dev.longshore.board;

import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStreamRequest;
import dev.longshore.job.Outcome;

import io.vertx.core.Context;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;

/**
 * The board's side of one {@link LogTail}: waits for the log to start, lets {@link CatchUp} read
 * what is there, then passes on what comes, to the end. Every method on the board's context.
 */
final class TailRun {
    /**
     * How long after an execution's end its log is looked through once more for an end that did not
     * come live.
     */
    private static final long LATE_END_MILLIS = Duration.ofSeconds(5).toMillis();

    private final LogStreamRequest request;
    private final LogFeed feed;
    private final Context context;
    private final TailQueue queue;
    private final CatchUp catchUp;
    private Watch live = () -> {};
    private @Nullable Execution execution;
    private @Nullable LogPosition start;
    private @Nullable LineJoin join;
    private boolean greeted;
    private boolean over;
    private long timer = -1;

    /** For what the reader wants, of the feed, to a queue of at most so many bytes. */
    TailRun(
            LogStreamRequest request,
            LogFeed feed,
            Context context,
            TailQueue queue,
            int maxQueuedBytes) {
        this.request = request;
        this.feed = feed;
        this.context = context;
        this.queue = queue;
        this.catchUp = new CatchUp(feed, request, queue, maxQueuedBytes / 2);
    }

    /** Starts with what the board knows, null where the execution was only asked for yet. */
    void start(@Nullable Execution known) {
        if (known != null) {
            seen(known);
        } else if (!request.follow()) {
            last(new TailRecord.UpToDate());
        }
    }

    /** Hears of the execution. */
    void seen(Execution now) {
        if (over) {
            return;
        }
        ExecutionState before = execution == null ? null : execution.state();
        execution = now;
        if (!greeted) {
            greeted = true;
            long nextSeq = request.after() + 1;
            put(
                    new TailRecord.Hello(
                            request.executionId(), now.latest().attempt(), now.state(), nextSeq));
        } else if (now.state() != before && !now.state().isFinal()) {
            put(new TailRecord.State(now.state(), now.latest().reason()));
        }
        if (start == null) {
            tryBegin(now);
        } else if (now.state().isFinal()) {
            ending();
        }
    }

    /** The reader has made room. */
    void drained() {
        catchUp.drained();
    }

    /** Lets go of everything. */
    void close() {
        over = true;
        live.close();
        catchUp.close();
        cancelTimer();
    }

    private void tryBegin(Execution now) {
        LogPosition position = startOf(now);
        if (position != null) {
            start = position;
            begin(position);
        } else if (now.state().isFinal()) {
            finish(0, true);
        } else if (!request.follow()) {
            last(new TailRecord.UpToDate());
        }
    }

    private static @Nullable LogPosition startOf(Execution execution) {
        ExecutionResult result = execution.result();
        if (execution.log() == null && result != null && result.log().firstOffset() >= 0) {
            return new LogPosition(
                    result.log().topic(), result.log().partition(), result.log().firstOffset());
        }
        return execution.log();
    }

    private void begin(LogPosition position) {
        if (!request.follow()) {
            read(position);
            return;
        }
        // Listen first, read then: what is written in between comes twice rather than never.
        feed.live(request.executionId(), this::live)
                .onComplete(
                        listening -> {
                            if (listening.failed()) {
                                broken(listening.cause());
                            } else if (over) {
                                listening.result().close();
                            } else {
                                live = listening.result();
                                read(position);
                            }
                        });
    }

    private void read(LogPosition position) {
        if (request.tail() == LogStreamRequest.ALL) {
            join = new LineJoin(request, new TailSurvey.Found(0, 0), this::put);
            round(position);
            return;
        }
        if (request.tail() == 0) {
            join = new LineJoin(request, new TailSurvey.Found(0, LineJoin.UNKNOWN), this::put);
            feed.endOffset(position)
                    .onFailure(this::broken)
                    .onSuccess(
                            end ->
                                    round(
                                            new LogPosition(
                                                    position.topic(), position.partition(), end)));
            return;
        }
        catchUp.find(position)
                .onComplete(
                        found -> {
                            if (found.failed()) {
                                broken(found.cause());
                            } else {
                                join = new LineJoin(request, found.result(), this::put);
                                round(position);
                            }
                        });
    }

    private void round(LogPosition from) {
        if (over) {
            return;
        }
        boolean endedBefore = execution != null && execution.state().isFinal();
        catchUp.round(from, this::take)
                .onComplete(
                        read -> {
                            if (over) {
                                return;
                            }
                            if (read.failed()) {
                                broken(read.cause());
                            } else if (endedBefore && joined().end() == null) {
                                // It had ended before the round, so its end was there to be read:
                                // the topic has let go of it.
                                expired();
                            } else if (!request.follow()) {
                                last(new TailRecord.UpToDate());
                            } else {
                                catchUp.joinLive(() -> round(read.result()), this::take);
                            }
                        });
    }

    private void live(LogRecord entry) {
        if (over) {
            return;
        }
        if (catchUp.reading()) {
            catchUp.keepAside(entry);
        } else {
            take(entry);
        }
    }

    private void take(LogRecord entry) {
        LineJoin lines = joined();
        if (!over && lines.end() == null) {
            lines.take(entry);
            if (lines.end() != null) {
                ending();
            }
        }
    }

    /**
     * The end of the log and the result are one transaction, but come here by two ways, and either
     * may be late.
     */
    private void ending() {
        LogRecord.End end = join == null ? null : join.end();
        if (end == null) {
            later(this::lookAgain);
        } else if (execution != null && execution.state().isFinal() && execution.result() != null) {
            finish(end.lines(), end.complete());
        } else {
            later(() -> finish(end.lines(), end.complete()));
        }
    }

    private void lookAgain() {
        if (!catchUp.reading() && join != null) {
            catchUp.begin();
            round(Objects.requireNonNull(start, "start"));
        }
    }

    private void expired() {
        ExecutionResult result = execution == null ? null : execution.result();
        long lines = result == null ? 0 : result.log().lines();
        joined().missingUpTo(lines, TailRecord.Gap.RETENTION);
        finish(lines, false);
    }

    private void finish(long lines, boolean complete) {
        Execution known = Objects.requireNonNull(execution, "execution");
        ExecutionResult result = known.result();
        int exitCode = result == null ? Outcome.NO_EXIT_CODE : result.outcome().exitCode();
        ExecutionState state = result == null ? known.state() : result.outcome().state();
        long lastSeq = join == null ? lines - 1 : Math.max(lines - 1, join.lastSeq());
        last(new TailRecord.End(state, exitCode, lastSeq, complete));
    }

    private void broken(Throwable cause) {
        if (!over) {
            last(new TailRecord.Broken(cause));
        }
    }

    private void last(TailRecord.Last record) {
        close();
        queue.add(record);
    }

    private void put(TailRecord record) {
        if (over) {
            return;
        }
        if (catchUp.reading()) {
            queue.add(record);
        } else {
            queue.addOrDropOldest(record);
        }
    }

    private LineJoin joined() {
        return Objects.requireNonNull(join, "join");
    }

    private void later(Runnable step) {
        cancelTimer();
        timer =
                context.owner()
                        .setTimer(
                                LATE_END_MILLIS,
                                id -> {
                                    if (!over) {
                                        step.run();
                                    }
                                });
    }

    private void cancelTimer() {
        if (timer >= 0) {
            context.owner().cancelTimer(timer);
            timer = -1;
        }
    }
}
