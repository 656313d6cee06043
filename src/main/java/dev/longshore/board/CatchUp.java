package dev.longshore.board;

import dev.longshore.board.LogFeed.Placed;
import dev.longshore.board.LogFeed.Reading;
import dev.longshore.board.LogFeed.Span;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogStreamRequest;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import org.jspecify.annotations.Nullable;

/**
 * Reads the part of a log that is already there, in rounds, until the live records join on without a hole. Every method
 * on the board's context.
 *
 * <p>Meanwhile it is the topic that waits for a slow reader, so nothing is lost; live records are kept aside up to a
 * bound, and beyond that one more round fetches them. Once live, other readers must not wait: then the queue lets go of
 * its oldest.
 */
final class CatchUp {
    private final LogFeed feed;
    private final LogStreamRequest request;
    private final TailQueue queue;
    private final Aside aside;
    private @Nullable Reading current;
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

    void keepAside(Placed placed) {
        aside.keep(placed);
    }

    /** The place where the last lines that were asked for start. */
    Future<LogPosition> find(LogPosition start) {
        return feed.endOffset(start).compose(end -> {
            if (closed || request.tail() == 0) {
                return Future.succeededFuture(at(start, end));
            }
            TailSurvey survey = new TailSurvey(request);
            Reading all = feed.history(new Span(request.executionId(), start, end), survey::take);
            current = all;
            return all.done().map(v -> at(start, survey.start(end)));
        });
    }

    /** Reads from a place to where the topic ends now, and answers with that end. */
    Future<LogPosition> round(LogPosition from, Handler<Placed> each) {
        aside.reset();
        return feed.endOffset(from).compose(end -> {
            if (closed) {
                return Future.succeededFuture(from);
            }
            Reading part = feed.history(new Span(request.executionId(), from, end), placed -> {
                each.handle(placed);
                pauseIfFull();
            });
            current = part;
            pauseIfFull();
            return part.done().map(v -> at(from, end));
        });
    }

    /** After a round: goes on with what was kept aside, or says that it takes another round. */
    void joinLive(Runnable anotherRound, Handler<Placed> each) {
        if (closed) {
            return;
        }
        if (queue.busy()) {
            whenDrained = () -> joinLive(anotherRound, each);
        } else if (aside.overflowed()) {
            anotherRound.run();
        } else {
            reading = false;
            aside.release(each::handle);
        }
    }

    /** The reader has made room. */
    void drained() {
        Runnable next = whenDrained;
        whenDrained = null;
        if (next != null && !closed) {
            next.run();
        }
    }

    void close() {
        closed = true;
        if (current != null) {
            current.close();
        }
        aside.reset();
    }

    private void pauseIfFull() {
        Reading part = current;
        if (part != null && !closed && queue.full()) {
            part.pause();
            whenDrained = part::resume;
        }
    }

    private static LogPosition at(LogPosition start, long offset) {
        return new LogPosition(start.topic(), start.partition(), offset);
    }
}
