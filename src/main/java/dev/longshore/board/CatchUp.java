package dev.longshore.board;

import dev.longshore.board.LogFeed.Span;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStreamRequest;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the part of a log that is already there, in rounds, until the live records join on without
 * a hole. Every method on the board's context.
 *
 * <p>Meanwhile it is the topic that waits for a slow reader, so nothing is lost; live records are
 * kept aside up to a bound, and beyond that one more round fetches them. Once live, other readers
 * must not wait: then the queue lets go of its oldest.
 */
final class CatchUp {
    private final LogFeed feed;
    private final LogStreamRequest request;
    private final TailQueue queue;
    private final Aside aside;
    private @Nullable Runnable whenDrained;
    private boolean reading = true;
    private boolean closed;

    CatchUp(LogFeed feed, LogStreamRequest request, TailQueue queue, int maxAsideBytes) {
        this.feed = feed;
        this.request = request;
        this.queue = queue;
        this.aside = new Aside(maxAsideBytes);
    }

    /** Whether live records are to be kept aside. */
    boolean reading() {
        return reading;
    }

    /** Keeps live records aside from now on, as at the start. */
    void begin() {
        reading = true;
    }

    void keepAside(LogRecord entry) {
        aside.keep(entry);
    }

    /** Finds the last lines that were asked for, of this attempt and later ones. */
    Future<TailSurvey.Found> find(LogPosition start, int firstAttempt) {
        TailSurvey survey = new TailSurvey(request, firstAttempt);
        return feed.endOffset(start)
                .compose(
                        end ->
                                closed
                                        ? Future.succeededFuture()
                                        : feed.history(
                                                new Span(request.executionId(), start, end),
                                                piece -> {
                                                    piece.forEach(survey::take);
                                                    return closed
                                                            ? Future.failedFuture("closed")
                                                            : Future.succeededFuture();
                                                }))
                .map(v -> survey.found());
    }

    /**
     * Reads from a place to where the topic ends now, and answers with that end.
     *
     * @param toEnd whether to its very end; else to where live records take over
     */
    Future<LogPosition> round(LogPosition from, boolean toEnd, Consumer<LogRecord> each) {
        aside.reset();
        return (toEnd ? feed.endOffset(from) : feed.liveOffset(from))
                .compose(
                        end -> {
                            if (closed) {
                                return Future.succeededFuture(from);
                            }
                            return feed.history(
                                            new Span(request.executionId(), from, end),
                                            piece -> take(piece, each))
                                    .map(v -> at(from, end));
                        });
    }

    /** After a round: goes on with what was kept aside, or says that it takes another round. */
    void joinLive(Runnable anotherRound, Consumer<LogRecord> each) {
        if (closed) {
            return;
        }
        if (queue.busy()) {
            whenDrained = () -> joinLive(anotherRound, each);
        } else if (aside.overflowed()) {
            anotherRound.run();
        } else {
            reading = false;
            aside.release(each);
        }
    }

    /** The reader has made room. */
    void drained() {
        Runnable next = whenDrained;
        whenDrained = null;
        if (next != null) {
            next.run();
        }
    }

    void close() {
        closed = true;
        aside.reset();
        drained();
    }

    private Future<Void> take(List<LogRecord> piece, Consumer<LogRecord> each) {
        if (closed) {
            return Future.failedFuture("closed");
        }
        piece.forEach(each);
        if (closed || !queue.full()) {
            return Future.succeededFuture();
        }
        Promise<Void> room = Promise.promise();
        whenDrained = room::complete;
        return room.future();
    }

    private static LogPosition at(LogPosition start, long offset) {
        return new LogPosition(start.topic(), start.partition(), offset);
    }
}
