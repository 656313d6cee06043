package dev.longshore.board;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.JobId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import dev.longshore.job.LogSummary;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.Outcome;
import dev.longshore.job.OutputTail;
import dev.longshore.job.PhaseMillis;
import dev.longshore.job.StatusEvent;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** Values that the tests of the board and of HTTP share. */
public final class Samples {
    /** The time of everything, plus some seconds. */
    public static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private Samples() {}

    /** An id. */
    public static ExecutionId id(String value) {
        return new ExecutionId(value);
    }

    /** A status of job {@code job} on {@code node-1}. */
    public static StatusEvent status(
            ExecutionId id, long sequence, ExecutionState state, @Nullable LogPosition log) {
        return status(id, new NodeId("node-1"), sequence, state, log);
    }

    /** A status of job {@code job} on a node. */
    public static StatusEvent status(
            ExecutionId id,
            NodeId node,
            long sequence,
            ExecutionState state,
            @Nullable LogPosition log) {
        return new StatusEvent(
                id,
                new JobId("job"),
                node,
                1,
                sequence,
                state,
                null,
                null,
                null,
                T0.plusSeconds(sequence),
                null,
                new ImageIdentity("busybox", null),
                new Grant(1, 2, 3),
                log,
                "abc0".repeat(16));
    }

    /** The result of an execution that printed so many lines. */
    public static ExecutionResult result(
            ExecutionId id, int exitCode, LogPosition log, long lines) {
        return new ExecutionResult(
                id,
                new JobId("job"),
                new NodeId("node-1"),
                1,
                Outcome.exited(exitCode),
                new OutputTail("out\n", "", false, false),
                new LogSummary(
                        log.topic(),
                        log.partition(),
                        lines == 0 ? -1 : log.offset(),
                        -1,
                        lines,
                        0,
                        true),
                new ImageIdentity("busybox", "sha256:1"),
                T0,
                T0.plusSeconds(1),
                T0.plusSeconds(2),
                new PhaseMillis(1, 2, 3, 4));
    }

    /** A line of standard output. */
    public static LogRecord.Line line(ExecutionId id, long seq, String text) {
        return line(id, seq, LogStream.STDOUT, text);
    }

    /** A line. */
    public static LogRecord.Line line(ExecutionId id, long seq, LogStream stream, String text) {
        return new LogRecord.Line(
                id,
                1,
                seq,
                stream,
                T0.plusNanos(seq),
                text.getBytes(StandardCharsets.UTF_8),
                false);
    }

    /** The end of a complete log. */
    public static LogRecord.End end(ExecutionId id, long lines) {
        return new LogRecord.End(id, 1, lines, true);
    }

    /** A node that is ready. */
    public static NodeStatus node(String id, Instant heartbeat) {
        return new NodeStatus(
                new NodeId(id),
                "0.1.0",
                null,
                NodeStatus.State.READY,
                null,
                new Grant(4, 5, 6),
                new Grant(1, 1, 1),
                1,
                0,
                Map.of("zone", "a"),
                heartbeat);
    }
}
