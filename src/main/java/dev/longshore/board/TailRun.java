package dev.longshore.board;

import dev.longshore.board.LogFeed.Placed;
import dev.longshore.board.LogFeed.Reading;
import dev.longshore.board.LogFeed.Span;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStreamRequest;
import dev.longshore.job.Outcome;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The board's side of one {@link LogTail}: waits for the log to start, reads history in rounds until the live records
 * join on without a hole, then passes those on, to the end. Every method on the board's context.
 *
 * <p>While it catches up it is the source that waits for a slow reader, so nothing is lost; live records are kept aside
 * up to a bound, and beyond that one more round of history fetches them. Once live, other readers must not wait: then
 * the queue lets go of its oldest.
 */
final class TailRun {
    /** How long after an execution's end its log is looked through once more for an end that did not come live. */
    private static final long LATE_END_MILLIS = Duration.ofSeconds(5).toMillis();

    private final LogStreamRequest request;
    private final LogFeed feed;
    private final Context context;
    private final TailQueue queue;
    private final Aside aside;
    private Watch live = () -> {};
    private @Nullable Execution execution;
    private @Nullable LogPosition position;
    private @Nullable LineJoin join;
    private @Nullable Reading reading;
    private @Nullable Runnable whenDrained;
    private boolean catchingUp = true;
    private boolean endedBeforeRound;
    private boolean over;
    private long timer = -1;

    /**
     * @param request what the reader wants
     * @param feed where records come from
     * @param context the board's
     * @param settings the bounds
     * @param queue where records go
     */
    TailRun(LogStreamRequest request, LogFeed feed, Context context, TailQueue queue, BoardSettings settings) {
        this.request = request;
        this.feed = feed;
        this.context = context;
        this.queue = queue;
        this.aside = new Aside(settings.maxQueuedBytes() / 2);
    }

    /** Starts with what the board knows, null where the execution was only asked for yet. */
    void start(@Nullable Execution known) {
        execution = known;
        tryBegin();
    }

    /** Hears of the execution. */
    void seen(Execution now) {
        if (over) {
            return;
        }
        ExecutionState before = execution == null ? null : execution.state();
        execution = now;
        if (position == null) {
            tryBegin();
        } else if (now.state() != before && !now.state().isFinal()) {
            put(new TailRecord.State(now.state(), now.latest().reason()));
        }
        if (now.state().isFinal() && !over && position != null) {
            if (join != null && join.end() != null) {
                finishWhenKnown();
            } else {
                later(this::lookAgain);
            }
        }
    }

    /** The reader has made room. */
    void drained() {
        if (over) {
            return;
        }
        Runnable next = whenDrained;
        whenDrained = null;
        if (next != null) {
            next.run();
        }
    }

    /** Lets go of everything. */
    void close() {
        over = true;
        live.close();
        if (reading != null) {
            reading.close();
        }
        cancelTimer();
        aside.reset();
    }

    private void tryBegin() {
        Execution known = execution;
        LogPosition start = known == null ? null : startOf(known);
        if (start != null) {
            position = start;
            begin(start);
        } else if (known != null && known.state().isFinal()) {
            put(hello());
            finish(0, true);
        } else if (!request.follow()) {
            put(hello());
            last(new TailRecord.UpToDate());
        }
    }

    private static @Nullable LogPosition startOf(Execution known) {
        ExecutionResult result = known.result();
        if (known.log() == null && result != null && result.log().firstOffset() >= 0) {
            return new LogPosition(
                    result.log().topic(), result.log().partition(), result.log().firstOffset());
        }
        return known.log();
    }

    private void begin(LogPosition start) {
        put(hello());
        if (request.follow()) {
            live = feed.live(request.executionId(), start, this::live);
        }
        if (request.tail() == LogStreamRequest.ALL) {
            join = new LineJoin(request, request.after() + 1, this::put);
            round(start);
            return;
        }
        join = new LineJoin(request, -1, this::put);
        feed.endOffset(start).onComplete(end -> {
            if (end.failed()) {
                broken(end.cause());
            } else if (request.tail() == 0) {
                round(at(end.result()));
            } else {
                survey(start, end.result());
            }
        });
    }

    private void survey(LogPosition start, long end) {
        if (over) {
            return;
        }
        TailSurvey survey = new TailSurvey(request);
        reading = feed.history(new Span(request.executionId(), start, end), survey::take);
        reading.done().onComplete(done -> {
            if (done.failed()) {
                broken(done.cause());
            } else {
                round(at(survey.start(end)));
            }
        });
    }

    /** Reads history from {@code from} to where the topic ends now. */
    private void round(LogPosition from) {
        if (over) {
            return;
        }
        aside.reset();
        endedBeforeRound = execution != null && execution.state().isFinal();
        feed.endOffset(from).onComplete(end -> {
            if (end.failed()) {
                broken(end.cause());
            } else if (!over) {
                reading = feed.history(new Span(request.executionId(), from, end.result()), this::history);
                reading.done().onComplete(done -> {
                    reading = null;
                    if (done.failed()) {
                        broken(done.cause());
                    } else {
                        roundDone(end.result());
                    }
                });
            }
        });
    }

    private void history(Placed placed) {
        if (over) {
            return;
        }
        take(placed);
        Reading current = reading;
        if (!over && current != null && queue.full()) {
            current.pause();
            whenDrained = current::resume;
        }
    }

    private void roundDone(long end) {
        if (over) {
            return;
        }
        if (endedBeforeRound && joined().end() == null) {
            // It had ended before the round, so its end was there to be read: the topic has let go of it.
            expired();
        } else if (!request.follow()) {
            last(new TailRecord.UpToDate());
        } else if (queue.busy()) {
            whenDrained = () -> roundDone(end);
        } else if (aside.overflowed()) {
            round(at(end));
        } else {
            catchingUp = false;
            aside.release(this::take);
        }
    }

    private void live(Placed placed) {
        if (over) {
            return;
        }
        if (catchingUp) {
            aside.keep(placed);
        } else {
            take(placed);
        }
    }

    private void take(Placed placed) {
        LineJoin lines = joined();
        if (!over && lines.end() == null) {
            lines.take(placed);
            if (lines.end() != null) {
                finishWhenKnown();
            }
        }
    }

    /** The end of the log and the result are one transaction, but come here by two ways. */
    private void finishWhenKnown() {
        LogRecord.End end = joined().end();
        if (end == null || over) {
            return;
        }
        if (execution != null && execution.state().isFinal() && execution.result() != null) {
            finish(end.lines(), end.complete());
        } else {
            later(() -> finish(end.lines(), end.complete()));
        }
    }

    private void lookAgain() {
        LogPosition start = position;
        if (start != null && !over && !catchingUp) {
            catchingUp = true;
            round(start);
        }
    }

    private void expired() {
        ExecutionResult result = execution == null ? null : execution.result();
        long lines = result == null ? 0 : result.log().lines();
        joined().missingUpTo(lines, TailRecord.Gap.RETENTION);
        finish(lines, false);
    }

    private void finish(long lines, boolean complete) {
        Execution known = execution;
        ExecutionResult result = known == null ? null : known.result();
        int exitCode = result == null ? Outcome.NO_EXIT_CODE : result.outcome().exitCode();
        ExecutionState state = result != null
                ? result.outcome().state()
                : known == null ? ExecutionState.LOST : known.state();
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
        if (catchingUp) {
            queue.add(record);
        } else {
            queue.addOrDropOldest(record);
        }
    }

    private TailRecord.Hello hello() {
        Execution known = execution;
        return new TailRecord.Hello(
                request.executionId(),
                known == null ? 1 : known.latest().attempt(),
                known == null ? null : known.state(),
                request.after() + 1);
    }

    private LineJoin joined() {
        return Objects.requireNonNull(join, "join");
    }

    private LogPosition at(long offset) {
        LogPosition start = Objects.requireNonNull(position, "position");
        return new LogPosition(start.topic(), start.partition(), offset);
    }

    private void later(Runnable step) {
        cancelTimer();
        timer = context.owner().setTimer(LATE_END_MILLIS, id -> {
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
