package dev.longshore.docker;

import dev.longshore.job.LogRecord;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.ArrayList;
import java.util.List;

/**
 * A reading of a {@link FakeContainer}'s log. Looks at the container under the fake's lock, speaks
 * outside of it.
 */
final class FakeFollow implements LogFollow {
    private final Object lock;
    private final FakeContainer container;
    private final Context context;
    private final LogRequest request;
    private final LogSink sink;
    private final Promise<LogEnd> end = Promise.promise();
    private int next;
    private boolean paused;
    private boolean ended;

    FakeFollow(
            Object lock,
            FakeContainer container,
            Context context,
            LogRequest request,
            LogSink sink) {
        this.lock = lock;
        this.container = container;
        this.context = context;
        this.request = request;
        this.sink = sink;
        this.next = Math.toIntExact(request.skipLines());
    }

    /** There may be something new. From any thread. */
    void wake() {
        context.runOnContext(_ -> give());
    }

    private void give() {
        if (paused || ended) {
            return;
        }
        List<LogRecord> batch = new ArrayList<>();
        boolean last;
        boolean gone;
        synchronized (lock) {
            while (next < container.log.size()) {
                FakeContainer.Said said = container.log.get(next);
                batch.add(
                        new LogRecord.Line(
                                request.executionId(),
                                request.attempt(),
                                next++,
                                said.stream(),
                                said.time(),
                                said.bytes(),
                                false));
            }
            last = !container.alive();
            gone = container.removed;
        }
        if (gone) {
            batch.add(
                    new LogRecord.Gap(
                            request.executionId(), request.attempt(), "container-gone", -1));
        }
        if (!batch.isEmpty()) {
            sink.accept(batch);
        }
        if (last && !ended) {
            ended = true;
            end.tryComplete(new LogEnd(next, !gone));
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        wake();
    }

    @Override
    public Future<LogEnd> end() {
        return end.future();
    }

    @Override
    public void close() {
        ended = true;
        end.tryComplete(new LogEnd(next, false));
    }
}
