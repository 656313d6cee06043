package dev.longshore.docker;

import dev.longshore.job.LogRecord;
import dev.longshore.job.LogRecord.Line;
import dev.longshore.job.LogStream;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads one container's log to its end, through broken streams and restarts of the engine. All of
 * it runs on one context.
 *
 * <p>Every reading starts at the first byte and drops what was given before: counting is the only
 * resumption that neither equal nor backward timestamps can fool. The end of a follow proves
 * nothing, so the container is inspected: while it lives, the log is opened again. When it has
 * ended, the tail of the file is compared with what was read last (see {@link LogTail}); where that
 * does not tell, the whole file is read once more.
 */
final class LogPump implements LogFollow {
    private static final long FIRST_WAIT_MS = 100;
    private static final long MOST_WAIT_MS = 5_000;

    /**
     * Readings without one new line that break or are refused, after which an ended container's log
     * is given up.
     */
    private static final int MOST_FAILURES = 5;

    private final EngineHttp http;
    private final Inspection inspection;
    private final Context context;
    private final LogRequest request;
    private final LogSink sink;
    private final String what;
    private final Promise<LogEnd> end = Promise.promise();
    private final LogTail tail = new LogTail();

    private LineSplitter splitter;
    private List<LogRecord> batch = new ArrayList<>();
    private @Nullable LogReading reading;
    private @Nullable Instant lastTime;
    private long next;
    private long waitMs = FIRST_WAIT_MS;
    private int failures;
    private boolean paused;
    private boolean ended;
    private boolean complete = true;

    LogPump(
            EngineHttp http,
            Inspection inspection,
            Context context,
            LogRequest request,
            LogSink sink) {
        this.http = http;
        this.inspection = inspection;
        this.context = context;
        this.request = request;
        this.sink = sink;
        this.what = "read the log of container " + request.containerId();
        this.next = request.skipLines();
        this.splitter = new LineSplitter(request.executionId(), request.attempt());
    }

    /** What a reading is for. */
    private enum Part {
        /** All there is, and what comes. */
        FOLLOW,
        /** The last records, once the container has ended. */
        TAIL,
        /** All there is, once the container has ended. */
        WHOLE
    }

    /** Starts. On the context. */
    void open() {
        open(Part.FOLLOW);
    }

    private void open(Part part) {
        if (ended) {
            return;
        }
        if (part != Part.TAIL) {
            splitter = new LineSplitter(request.executionId(), request.attempt());
            tail.clear();
        }
        String path =
                "/containers/"
                        + request.containerId()
                        + "/logs?stdout=1&stderr=1&timestamps=1&follow="
                        + (part == Part.FOLLOW ? "1" : "0")
                        + (part == Part.TAIL ? "&tail=" + LogTail.RECORDS : "");
        http.open(HttpMethod.GET, path, Map.of(), inspection.deadline())
                .onComplete(
                        opened -> {
                            if (opened.succeeded()) {
                                read(part, opened.result());
                            } else {
                                ended(part, DockerFailures.of(what, opened.cause()));
                            }
                        });
    }

    private void read(Part part, HttpClientResponse response) {
        FrameDecoder.Records records = part == Part.TAIL ? tail::add : this::record;
        LogReading opened =
                new LogReading(
                        context,
                        what,
                        response,
                        new LogReading.Listener(
                                records, this::give, broken -> ended(part, broken)));
        if (ended) {
            opened.close();
            return;
        }
        reading = opened;
        opened.start(paused);
    }

    private void record(int type, byte[] bytes, int from, int to) {
        if (type == FrameDecoder.SYSTEM_ERROR) {
            miss("engine-log-error");
            return;
        }
        tail.read(type, bytes, from, to);
        splitter.record(
                type == 2 ? LogStream.STDERR : LogStream.STDOUT, bytes, from, to, this::take);
    }

    private void take(Line line) {
        if (line.seq() >= next) {
            next = line.seq() + 1;
            lastTime = line.time();
            batch.add(line);
        } else if (line.seq() == next - 1 && lastTime != null && !lastTime.equals(line.time())) {
            // Not the file that we had read: what was counted away is not what was given.
            lastTime = line.time();
            miss("history-changed");
        }
    }

    private void miss(String reason) {
        complete = false;
        batch.add(new LogRecord.Gap(request.executionId(), request.attempt(), reason, -1));
    }

    private void give() {
        if (!batch.isEmpty() && !ended) {
            failures = 0;
            waitMs = FIRST_WAIT_MS;
            List<LogRecord> given = batch;
            batch = new ArrayList<>();
            sink.accept(given);
        }
    }

    private void ended(Part part, @Nullable DockerFailure broken) {
        reading = null;
        if (ended) {
            return;
        }
        if (broken != null) {
            broken(broken);
            return;
        }
        switch (part) {
            case FOLLOW ->
                    decide(
                            view -> {
                                if (view.alive()) {
                                    again(Part.FOLLOW);
                                } else {
                                    open(Part.TAIL);
                                }
                            });
            case TAIL -> {
                if (tail.giveMissing(this::record)) {
                    finish();
                } else {
                    open(Part.WHOLE);
                }
            }
            case WHOLE -> finish();
        }
    }

    private void broken(DockerFailure failure) {
        if (failure instanceof DockerFailure.NoSuchContainer) {
            giveUp("container-gone");
            return;
        }
        failures++;
        decide(
                view -> {
                    boolean hopeless = !view.alive() || failure instanceof DockerFailure.Refused;
                    if (failures >= MOST_FAILURES && hopeless) {
                        giveUp("log-unreadable");
                    } else {
                        again(view.alive() ? Part.FOLLOW : Part.WHOLE);
                    }
                });
    }

    private void decide(Consumer<ContainerView> then) {
        inspection
                .inspect()
                .apply(request.containerId())
                .onComplete(
                        looked -> {
                            if (ended) {
                                return;
                            }
                            if (looked.succeeded()) {
                                then.accept(looked.result());
                            } else if (http.isClosed()) {
                                close();
                            } else if (looked.cause() instanceof DockerFailure.NoSuchContainer) {
                                giveUp("container-gone");
                            } else {
                                // The engine is away: when it is back, a follow shows where we are.
                                again(Part.FOLLOW);
                            }
                        });
    }

    private void again(Part part) {
        context.owner().setTimer(waitMs, _ -> open(part));
        waitMs = Math.min(MOST_WAIT_MS, 2 * waitMs);
    }

    private void finish() {
        splitter.finish(this::take);
        if (splitter.lines() < next) {
            miss("history-changed");
        }
        give();
        complete(complete);
    }

    private void giveUp(String reason) {
        miss(reason);
        give();
        complete(false);
    }

    /** The sink may have closed us with the last batch. */
    private void complete(boolean whole) {
        if (!ended) {
            ended = true;
            end.tryComplete(new LogEnd(next, whole));
        }
    }

    @Override
    public void pause() {
        paused = true;
        if (reading != null) {
            reading.pause();
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (reading != null) {
            reading.resume();
        }
    }

    @Override
    public Future<LogEnd> end() {
        return end.future();
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        complete(false);
        if (reading != null) {
            reading.close();
            reading = null;
        }
    }
}
