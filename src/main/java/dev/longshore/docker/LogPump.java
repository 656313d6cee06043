package dev.longshore.docker;

import dev.longshore.job.LogRecord;
import dev.longshore.job.LogRecord.Line;
import dev.longshore.job.LogStream;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one container's log to its end, through broken streams and restarts of the engine. All of it runs on one
 * context.
 *
 * <p>Every reading starts at the first byte and drops what was given before: counting is the only resumption that
 * neither equal nor backward timestamps can fool. The end of a stream proves nothing, so the container is inspected:
 * while it lives, the log is opened again; when it has ended and the stream had ended well, that was all. The engine is
 * known to give nothing at all to a reader that comes just at the exit: an empty or broken stream is therefore followed
 * by one plain reading.
 */
final class LogPump implements LogFollow {
    private static final long FIRST_WAIT_MS = 100;
    private static final long MOST_WAIT_MS = 5_000;
    /** Readings without one new line that break or are refused, after which an ended container's log is given up. */
    private static final int MOST_FAILURES = 5;

    private final EngineHttp http;
    private final Function<String, Future<ContainerView>> inspect;
    private final Context context;
    private final Duration headDeadline;
    private final LogRequest request;
    private final LogSink sink;
    private final Promise<LogEnd> end = Promise.promise();

    private FrameDecoder decoder = new FrameDecoder();
    private LineSplitter splitter;
    private @Nullable HttpClientResponse response;
    private @Nullable Instant lastTime;
    private long next;
    private long waitMs = FIRST_WAIT_MS;
    private int failures;
    private boolean plain;
    private boolean paused;
    private boolean ended;
    private boolean complete = true;

    LogPump(EngineHttp http, Inspection inspection, Context context, LogRequest request, LogSink sink) {
        this.http = http;
        this.inspect = inspection.inspect();
        this.headDeadline = inspection.deadline();
        this.context = context;
        this.request = request;
        this.sink = sink;
        this.next = request.skipLines();
        this.splitter = new LineSplitter(request.executionId(), request.attempt());
    }

    /** How to look at a container, and how long the engine may take for the first byte of an answer. */
    record Inspection(Function<String, Future<ContainerView>> inspect, Duration deadline) {}

    void open() {
        if (ended) {
            return;
        }
        decoder = new FrameDecoder();
        splitter = new LineSplitter(request.executionId(), request.attempt());
        String path = "/containers/" + request.containerId() + "/logs?stdout=1&stderr=1&timestamps=1&follow="
                + (plain ? 0 : 1);
        http.open(HttpMethod.GET, path, Map.of(), headDeadline).onComplete(opened -> {
            if (opened.succeeded()) {
                read(opened.result());
            } else {
                broken(DockerFailures.of("read the log of " + request.containerId(), opened.cause()));
            }
        });
    }

    private void read(HttpClientResponse opened) {
        if (ended) {
            opened.request().reset();
            return;
        }
        response = opened;
        opened.exceptionHandler(e -> {
            if (leave(opened)) {
                broken(DockerFailures.of("read the log of " + request.containerId(), e));
            }
        });
        opened.endHandler(_ -> {
            if (leave(opened)) {
                streamEnded();
            }
        });
        opened.handler(buffer -> {
            if (response == opened) {
                chunk(opened, buffer);
            }
        });
        if (!paused) {
            opened.resume();
        }
    }

    /** True for the first of the several ways in which a stream may end. */
    private boolean leave(HttpClientResponse left) {
        if (response != left) {
            return false;
        }
        response = null;
        return !ended;
    }

    private void chunk(HttpClientResponse from, Buffer buffer) {
        List<LogRecord> batch = new ArrayList<>();
        try {
            decoder.feed(buffer.getBytes(), (type, bytes, start, stop) -> record(batch, type, bytes, start, stop));
        } catch (IllegalStateException e) {
            leave(from);
            from.request().reset();
            give(batch);
            broken(new DockerFailure.Refused("read the log of " + request.containerId() + ": " + e.getMessage(), 500));
            return;
        }
        give(batch);
    }

    private void record(List<LogRecord> batch, int type, byte[] bytes, int from, int to) {
        if (type == FrameDecoder.SYSTEM_ERROR) {
            complete = false;
            batch.add(gap("engine-log-error"));
            return;
        }
        splitter.record(type == 2 ? LogStream.STDERR : LogStream.STDOUT, bytes, from, to, line -> take(batch, line));
    }

    private void take(List<LogRecord> batch, Line line) {
        if (line.seq() >= next) {
            next = line.seq() + 1;
            lastTime = line.time();
            batch.add(line);
        } else if (line.seq() == next - 1 && lastTime != null && !lastTime.equals(line.time())) {
            // Not the file that we had read: what was counted away is not what was given.
            complete = false;
            lastTime = line.time();
            batch.add(gap("history-changed"));
        }
    }

    private void give(List<LogRecord> batch) {
        if (!batch.isEmpty()) {
            failures = 0;
            waitMs = FIRST_WAIT_MS;
            sink.accept(batch);
        }
    }

    private void streamEnded() {
        if (decoder.insideFrame()) {
            broken(new DockerFailure.Unreachable("the log stream ended within a record"));
            return;
        }
        decide(view -> {
            if (view.alive()) {
                plain = false;
                again();
            } else if (plain || !splitter.isEmpty()) {
                finish();
            } else {
                plain = true;
                open();
            }
        });
    }

    private void broken(DockerFailure failure) {
        if (ended) {
            return;
        }
        if (failure instanceof DockerFailure.NoSuchContainer) {
            giveUp("container-gone");
            return;
        }
        failures++;
        decide(view -> {
            plain = !view.alive();
            boolean refused = failure instanceof DockerFailure.Refused;
            if (failures >= MOST_FAILURES && (refused || plain)) {
                giveUp("log-unreadable");
            } else {
                again();
            }
        });
    }

    private void decide(Consumer<ContainerView> then) {
        inspect.apply(request.containerId()).onComplete(looked -> {
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
                // The engine is away: what we have of the stream is no proof of anything.
                again();
            }
        });
    }

    private void again() {
        context.owner().setTimer(waitMs, _ -> open());
        waitMs = Math.min(MOST_WAIT_MS, 2 * waitMs);
    }

    private void finish() {
        List<LogRecord> batch = new ArrayList<>();
        decoder.end((type, bytes, start, stop) -> record(batch, type, bytes, start, stop));
        splitter.finish(line -> take(batch, line));
        if (splitter.lines() < next) {
            complete = false;
            batch.add(gap("history-changed"));
        }
        give(batch);
        ended = true;
        end.tryComplete(new LogEnd(next, complete));
    }

    private void giveUp(String reason) {
        complete = false;
        give(List.of(gap(reason)));
        ended = true;
        end.tryComplete(new LogEnd(next, false));
    }

    private LogRecord gap(String reason) {
        return new LogRecord.Gap(request.executionId(), request.attempt(), reason, -1);
    }

    @Override
    public void pause() {
        paused = true;
        if (response != null) {
            response.pause();
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (response != null) {
            response.resume();
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
        ended = true;
        HttpClientResponse open = response;
        response = null;
        if (open != null) {
            open.request().reset();
        }
        end.tryComplete(new LogEnd(next, false));
    }
}
