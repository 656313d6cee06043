package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.JobId;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import dev.longshore.job.LogSummary;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.Outcome;
import dev.longshore.job.OutputTail;
import dev.longshore.job.PhaseMillis;
import dev.longshore.job.StatusEvent;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** Values to send. */
final class Samples {
    static final NodeId NODE = new NodeId("node-1");
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00.000000Z");
    private static final ImageIdentity IMAGE = new ImageIdentity("busybox", "sha256:0");

    private Samples() {}

    static StatusEvent status(ExecutionId id, long sequence, ExecutionState state) {
        return new StatusEvent(
                id,
                new JobId("job"),
                NODE,
                1,
                sequence,
                state,
                null,
                null,
                null,
                NOW,
                null,
                IMAGE,
                null,
                null,
                "hash");
    }

    static ExecutionResult result(ExecutionId id) {
        return new ExecutionResult(
                id,
                new JobId("job"),
                NODE,
                1,
                Outcome.exited(0),
                new OutputTail("hi", "", false, false),
                new LogSummary("logs", 0, 0, 0, 1, 2, true),
                IMAGE,
                NOW,
                NOW,
                NOW,
                new PhaseMillis(1, 2, 3, 4));
    }

    static EventSink.Finale finale(ExecutionId id, long sequence) {
        return new EventSink.Finale(
                status(id, sequence, ExecutionState.SUCCEEDED),
                result(id),
                new LogRecord.End(id, 1, 1, true),
                null);
    }

    static NodeStatus node() {
        Grant grant = new Grant(1, 2, 3);
        return new NodeStatus(
                NODE, "1", null, NodeStatus.State.READY, null, grant, grant, 0, 0, Map.of(), NOW);
    }

    static LogRecord.Line line(ExecutionId id, long seq) {
        byte[] text = ("line " + seq + " of " + id).getBytes(StandardCharsets.UTF_8);
        return new LogRecord.Line(id, 1, seq, LogStream.STDOUT, Instant.now(), text, false);
    }
}
