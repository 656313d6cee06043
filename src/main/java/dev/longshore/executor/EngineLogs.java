package dev.longshore.executor;

import dev.longshore.docker.Docker;
import dev.longshore.docker.LogFollow;
import dev.longshore.docker.LogRequest;
import dev.longshore.docker.LogSink;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStreamRequest;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads logs straight from the engine, for callers in the same process; everybody else reads the
 * topic. Lives on the executor's context.
 */
final class EngineLogs {
    private final Docker docker;

    EngineLogs(Docker docker) {
        this.docker = docker;
    }

    Future<LogFollow> open(ExecutionHandler handler, LogStreamRequest request, LogSink sink) {
        return handler.created()
                .map(
                        first -> {
                            ContainerRun run = handler.run();
                            String containerId = run == null ? first : run.containerId();
                            long there = run == null ? 0 : run.shipment().lines();
                            long skip =
                                    Math.max(
                                            request.after() + 1,
                                            request.tail() >= there ? 0 : there - request.tail());
                            LogRequest wanted =
                                    new LogRequest(
                                            containerId,
                                            request.executionId(),
                                            handler.status().attempt(),
                                            skip);
                            Cut cut = new Cut(request, there, sink);
                            LogFollow follow = docker.follow(wanted, cut);
                            cut.attach(follow);
                            return follow;
                        });
    }

    /** Passes on what was asked for, and ends the reading where nobody wants what follows. */
    private static final class Cut implements LogSink {
        private final LogStreamRequest request;
        private final long there;
        private final LogSink sink;
        private boolean done;
        private @Nullable LogFollow follow;

        private Cut(LogStreamRequest request, long there, LogSink sink) {
            this.request = request;
            this.there = there;
            this.sink = sink;
        }

        private void attach(LogFollow reading) {
            follow = reading;
            if (done || (!request.follow() && there == 0)) {
                reading.close();
            }
        }

        @Override
        public void accept(List<? extends LogRecord> batch) {
            if (done) {
                return;
            }
            List<LogRecord> wanted = new ArrayList<>(batch.size());
            for (LogRecord each : batch) {
                if (each instanceof LogRecord.Line line) {
                    done |= !request.follow() && line.seq() >= there - 1;
                    if ((request.follow() || line.seq() < there)
                            && (request.stream() == null || request.stream() == line.stream())) {
                        wanted.add(line);
                    }
                } else {
                    wanted.add(each);
                }
            }
            if (!wanted.isEmpty()) {
                sink.accept(wanted);
            }
            if (done && follow != null) {
                follow.close();
            }
        }
    }
}
