package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;

import io.vertx.core.Future;

import java.util.List;

/**
 * Publishes log lines. Called on one context and answers there; never blocks it. Records of one
 * execution are written in the order of the calls, into one partition.
 */
public interface LineSink {
    /**
     * Where the log of an execution that has none yet will start: no line of it will stand before.
     */
    Future<LogPosition> position(ExecutionId executionId);

    /**
     * Writes the records of one execution; succeeds with their place when every in-sync replica has
     * them all. The caller bounds how much it has on the way.
     */
    Future<Written> write(List<? extends LogRecord> batch);

    /** Waits for what is on its way, at most for a deadline of its own, then lets go. */
    Future<Void> close();

    /**
     * Where a batch stands.
     *
     * @param firstOffset offset of its first record
     * @param lastOffset offset of its last record
     */
    record Written(long firstOffset, long lastOffset) {}
}
