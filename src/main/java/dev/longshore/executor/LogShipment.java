package dev.longshore.executor;

import dev.longshore.docker.Docker;
import dev.longshore.docker.LogEnd;
import dev.longshore.docker.LogFollow;
import dev.longshore.docker.LogRequest;
import dev.longshore.job.CrashPoint;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import dev.longshore.job.LogSummary;
import dev.longshore.job.OutputTail;
import dev.longshore.kafka.LineSink;
import dev.longshore.kafka.LineSurvey;
import dev.longshore.results.ResultWriter;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/**
 * One container's log on its way to Kafka: what was read and not yet acknowledged is bounded by
 * pausing the reader, never by dropping; the program is not slowed, since the engine keeps its
 * lines. Counts what the result has to say. Lives on the executor's context.
 */
final class LogShipment {
    private static final Logger log = LoggerFactory.getLogger(LogShipment.class);
    private static final long MOST_ON_THE_WAY_BYTES = 1 << 20;
    private static final int RECORD_OVERHEAD_BYTES = 64;

    /** Why something may be missing of a log. */
    private static final String ENGINE_RESTART = "engine-restart";

    /** Why there is no more of a log. */
    private static final String OVER_LIMIT = "log-limit";

    private static final long UNKNOWN = -1;

    private final LineSink sink;
    private final ResultWriter files;
    private final LogPosition position;
    private final long maxBytes;
    private final Runnable overLimit;
    private final Promise<Void> delivered = Promise.promise();
    private final TailBuffer stdout = new TailBuffer();
    private final TailBuffer stderr = new TailBuffer();
    private Guard guard = new Guard("a log", fault -> {});
    private @Nullable LogFollow follow;
    private @Nullable LogEnd end;
    private long onTheWayBytes;
    private int writes;
    private boolean paused;
    private long lines;
    private long published;
    private long bytes;
    private long firstOffset = -1;
    private long lastOffset = -1;
    private boolean lost;
    private boolean unkept;
    private boolean cut;

    /**
     * @param files where the lines are kept besides, on the node's disk
     */
    LogShipment(
            LineSink sink,
            ResultWriter files,
            LogPosition position,
            long maxBytes,
            Runnable overLimit) {
        this.sink = sink;
        this.files = files;
        this.position = position;
        this.maxBytes = maxBytes;
        this.overLimit = overLimit;
    }

    /** What catches our own mistakes; else they are told of in the log. */
    LogShipment guardedBy(Guard own) {
        guard = own;
        return this;
    }

    /** The topic has these already: they are read again, counted and kept, not published. */
    void skip(LineSurvey.Found found) {
        published = found.lines();
        firstOffset = found.firstOffset();
        lastOffset = found.lastOffset();
    }

    /** Begins to read; once. */
    void start(Docker docker, LogRequest request) {
        LogFollow reading = docker.follow(request, batch -> guard.run(() -> take(batch)));
        follow = reading;
        reading.end()
                .onSuccess(
                        guard.of(
                                ended -> {
                                    end = ended;
                                    completeWhenDelivered();
                                }));
    }

    /**
     * Completed when the log was read to its end and Kafka has all of it, or it was given up; never
     * fails.
     */
    Future<Void> delivered() {
        return delivered.future();
    }

    /**
     * Reads no further: what is missing is missing, and the summary says so. What was read still
     * goes to Kafka.
     */
    void giveUp() {
        lost = true;
        if (follow != null) {
            follow.close();
        }
    }

    /**
     * Says that something may be missing, since the engine did not read what was printed while it
     * was started again; completed when Kafka has that.
     */
    Future<Void> doubt(ExecutionId executionId, int attempt) {
        return take(List.of(new LogRecord.Gap(executionId, attempt, ENGINE_RESTART, UNKNOWN)));
    }

    /** Reads no further: somebody else will. */
    void detach() {
        if (follow != null) {
            follow.close();
        }
    }

    /** Whether the engine owes us lines and has given none since there were {@code before}. */
    boolean stalledAt(long before) {
        return end == null && !paused && lines == before;
    }

    /** How many lines were read. */
    long lines() {
        return lines;
    }

    LogSummary summary() {
        boolean complete = !lost && end != null && end.complete();
        return new LogSummary(
                position.topic(),
                position.partition(),
                firstOffset,
                lastOffset,
                lines,
                bytes,
                complete);
    }

    OutputTail tail() {
        return new OutputTail(stdout.text(), stderr.text(), stdout.truncated(), stderr.truncated());
    }

    private Future<Void> take(List<? extends LogRecord> batch) {
        long size = 0;
        for (LogRecord each : batch) {
            size += count(each);
        }
        long batchBytes = size;
        onTheWayBytes += batchBytes;
        writes++;
        List<? extends LogRecord> unpublished =
                published == 0 ? batch : batch.stream().filter(this::isNew).toList();
        Future<LineSink.@Nullable Written> written =
                unpublished.isEmpty() ? Future.succeededFuture() : write(unpublished);
        // By itself: with the files, which take their own time, a later batch may overtake.
        written.onSuccess(guard.of(this::arrived))
                .onFailure(
                        failure -> {
                            lost = true;
                            log.warn(
                                    "lines of {} could not be published: {}",
                                    batch.getFirst().executionId(),
                                    failure.getMessage());
                        });
        Future<?> settled = Future.join(written, keep(batch));
        settled.onComplete(
                guard.of(
                        both -> {
                            onTheWayBytes -= batchBytes;
                            writes--;
                            flow();
                            completeWhenDelivered();
                        }));
        flow();
        if (bytes > maxBytes && !cut) {
            cut = true;
            cutOff(batch.getFirst());
        }
        return settled.otherwiseEmpty().mapEmpty();
    }

    /** Offsets only grow, unless the topic was deleted with what it had, and made anew. */
    private void arrived(LineSink.@Nullable Written where) {
        if (where == null) {
            return; // the topic had all of it
        }
        CrashPoint.WHILE_RUNNING.passed();
        boolean within = where.lastOffset() < where.firstOffset();
        boolean anew = within || where.firstOffset() <= lastOffset;
        if (anew) {
            lost = true;
            log.warn("the topic of lines began anew: what it had of this log before is gone");
        }
        if (firstOffset < 0 || anew) {
            // Where it happened within a batch, nobody said which of its lines came first.
            firstOffset = within ? 0 : where.firstOffset();
        }
        lastOffset = where.lastOffset();
    }

    private boolean isNew(LogRecord each) {
        return !(each instanceof LogRecord.Line line) || line.seq() >= published;
    }

    private Future<LineSink.@Nullable Written> write(List<? extends LogRecord> batch) {
        return sink.write(batch).map(where -> where);
    }

    /**
     * What the program prints from here on is read no more: until it has ended it may print many
     * times what it may, and the engine gives that slower than it came.
     */
    private void cutOff(LogRecord last) {
        overLimit.run();
        take(List.of(new LogRecord.Gap(last.executionId(), last.attempt(), OVER_LIMIT, UNKNOWN)));
        giveUp();
    }

    /** The topic is the record; a file that cannot be written is told of once and no more. */
    private Future<Void> keep(List<? extends LogRecord> batch) {
        return files.write(batch)
                .recover(
                        failure -> {
                            if (!unkept) {
                                unkept = true;
                                log.warn(
                                        "the log files of {} are not complete: {}",
                                        batch.getFirst().executionId(),
                                        failure.getMessage());
                            }
                            return Future.succeededFuture();
                        });
    }

    private long count(LogRecord each) {
        if (each instanceof LogRecord.Line line) {
            lines++;
            bytes += line.bytes().length;
            (line.stream() == LogStream.STDOUT ? stdout : stderr).add(line);
            return line.bytes().length + (long) RECORD_OVERHEAD_BYTES;
        }
        if (each instanceof LogRecord.Gap) {
            lost = true;
        }
        return RECORD_OVERHEAD_BYTES;
    }

    private void flow() {
        LogFollow reading = follow;
        if (reading == null) {
            return;
        }
        if (!paused && onTheWayBytes > MOST_ON_THE_WAY_BYTES) {
            paused = true;
            reading.pause();
        } else if (paused && onTheWayBytes < MOST_ON_THE_WAY_BYTES / 2) {
            paused = false;
            reading.resume();
        }
    }

    private void completeWhenDelivered() {
        if (end != null && writes == 0) {
            delivered.tryComplete();
        }
    }
}
