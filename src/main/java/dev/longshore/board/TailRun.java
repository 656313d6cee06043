package dev.longshore.board;

import dev.longshore.job.Execution;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStreamRequest;

import io.vertx.core.Context;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * The board's side of one {@link LogTail}: waits for the log to start, lets {@link CatchUp} read
 * what is there, then passes on what comes, to the end. Every method on the board's context.
 */
final class TailRun implements LogFeed.Follower {
    private final LogStreamRequest request;
    private final LogFeed feed;
    private final TailQueue queue;
    private final CatchUp catchUp;
    private final TailPlan plan;
    private Watch live = () -> {};
    private @Nullable Execution execution;
    private @Nullable LogPosition start;
    private @Nullable LineJoin join;

    /** The attempt that the reader was told of first, 0 before. */
    private int greeted;

    private boolean over;
    private final LateEnd lateEnd;

    /** For what the reader wants, of the feed, to a queue of at most so many bytes. */
    TailRun(
            LogStreamRequest request,
            LogFeed feed,
            Context context,
            TailQueue queue,
            int maxQueuedBytes) {
        this.request = request;
        this.feed = feed;
        this.lateEnd = new LateEnd(context);
        this.queue = queue;
        this.plan = new TailPlan(request);
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
        Execution before = execution;
        execution = now;
        if (greeted == 0) {
            if (!plan.surveys() || plan.startOf(now) == null) {
                greet(plan.firstAttempt(now));
            }
        } else if (before != null && TailRecord.State.isNews(before, now)) {
            put(TailRecord.State.of(now));
        }
        if (start == null) {
            tryBegin(now);
        } else if (plan.isOver(now)) {
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
        lateEnd.cancel();
    }

    private void tryBegin(Execution now) {
        LogPosition position = plan.startOf(now);
        if (position != null) {
            start = position;
            begin(position);
        } else if (now.state().isFinal()) {
            finish(0, true);
        } else if (plan.isOver(now)) {
            finishAttempt();
        } else if (!request.follow()) {
            last(new TailRecord.UpToDate());
        }
    }

    private void greet(int attempt) {
        if (greeted != attempt) {
            Execution now = Objects.requireNonNull(execution, "execution");
            greeted = attempt;
            put(
                    new TailRecord.Hello(
                            request.executionId(), attempt, now.state(), request.after() + 1));
        }
    }

    private void begin(LogPosition position) {
        if (!request.follow()) {
            read(position);
            return;
        }
        // Listen first, read then: what is written in between comes twice rather than never.
        feed.live(request.executionId(), this)
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
        if (plan.surveys()) {
            survey(position);
            return;
        }
        if (request.tail() == LogStreamRequest.ALL) {
            join = new LineJoin(request, from(request.after() + 1), this::put);
            round(position);
            return;
        }
        join = new LineJoin(request, from(LineJoin.UNKNOWN), this::put);
        feed.endOffset(position)
                .onFailure(this::broken)
                .onSuccess(
                        end -> round(new LogPosition(position.topic(), position.partition(), end)));
    }

    private TailSurvey.Found from(long seq) {
        return new TailSurvey.Found(greeted, seq);
    }

    private void survey(LogPosition position) {
        int first = plan.firstAttempt(Objects.requireNonNull(execution, "execution"));
        catchUp.find(position, first)
                .onComplete(
                        found -> {
                            if (over) {
                                return;
                            }
                            if (found.failed()) {
                                broken(found.cause());
                            } else {
                                greet(found.result().attempt());
                                join = new LineJoin(request, found.result(), this::put);
                                round(position);
                            }
                        });
    }

    private void round(LogPosition from) {
        if (over) {
            return;
        }
        boolean endedBefore = execution != null && plan.isOver(execution);
        catchUp.round(from, endedBefore || !request.follow(), this::take)
                .onComplete(
                        read -> {
                            if (over) {
                                return;
                            }
                            if (read.failed()) {
                                broken(read.cause());
                            } else if (endedBefore && !joined().hasEnded()) {
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

    @Override
    public void handleRun(LineRun run) {
        if (over || catchUp.reading() || !joined().takeRun(run)) {
            run.lines().forEach(this::handle);
        }
    }

    @Override
    public void handle(LogRecord entry) {
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
        if (!over && !lines.hasEnded()) {
            lines.take(entry);
            if (lines.hasEnded()) {
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
        if (join != null && join.passed()) {
            finishAttempt();
        } else if (end == null) {
            lateEnd.then(this::lookAgain);
        } else if (execution != null && execution.state().isFinal() && execution.result() != null) {
            finish(end.lines(), end.complete());
        } else {
            lateEnd.then(() -> finish(end.lines(), end.complete()));
        }
    }

    private void lookAgain() {
        if (!catchUp.reading() && join != null) {
            catchUp.begin();
            round(Objects.requireNonNull(start, "start"));
        } else {
            lateEnd.then(this::lookAgain);
        }
    }

    private void expired() {
        Execution known = Objects.requireNonNull(execution, "execution");
        if (plan.isFollowed(known)) {
            finishAttempt();
            return;
        }
        finish(joined().expired(known), false);
    }

    private void finishAttempt() {
        last(TailRecord.End.ofFollowed(join == null ? -1 : join.lastSeq()));
    }

    private void finish(long lines, boolean complete) {
        long lastSeq = join == null ? lines - 1 : Math.max(lines - 1, join.lastSeq());
        Execution known = Objects.requireNonNull(execution, "execution");
        last(TailRecord.End.of(known, lastSeq, complete));
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
}
