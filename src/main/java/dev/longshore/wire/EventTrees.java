package dev.longshore.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogSummary;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.Outcome;
import dev.longshore.job.OutputTail;
import dev.longshore.job.PhaseMillis;
import dev.longshore.job.Reason;
import dev.longshore.job.StatusEvent;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/** The JSON bodies of our events, fields in the order of the published examples. Any thread. */
final class EventTrees {
    private EventTrees() {}

    static ObjectNode status(StatusEvent event) {
        ObjectNode tree =
                Json.object()
                        .put("executionId", event.executionId().value())
                        .put("jobId", event.jobId().value())
                        .put("nodeId", event.nodeId().value())
                        .put("attempt", event.attempt())
                        .put("sequence", event.sequence())
                        .put("state", event.state().wireName())
                        .put("previous", name(event.previous()))
                        .put("reason", name(event.reason()))
                        .put("message", Json.paired(event.message()))
                        .put("time", Json.micros(event.time()))
                        .put("containerId", event.containerId());
        tree.set("image", image(event.image()));
        tree.set("resources", grant(event.resources()));
        tree.set("log", position(event.log()));
        return tree.put("specHash", event.specHash());
    }

    static ObjectNode result(ExecutionResult result) {
        Outcome outcome = result.outcome();
        OutputTail output = result.output();
        ObjectNode tree =
                Json.object()
                        .put("executionId", result.executionId().value())
                        .put("jobId", result.jobId().value())
                        .put("nodeId", result.nodeId().value())
                        .put("attempt", result.attempt())
                        .put("state", outcome.state().wireName())
                        .put("reason", outcome.reason().wireName())
                        .put("message", Json.paired(outcome.message()))
                        .put("exitCode", outcome.exitCode())
                        .put("signal", outcome.signal())
                        .put("killed", outcome.killed())
                        .put("stdout", Json.paired(output.stdout()))
                        .put("stderr", Json.paired(output.stderr()))
                        .put("stdoutTruncated", output.stdoutTruncated())
                        .put("stderrTruncated", output.stderrTruncated());
        tree.set("log", summary(result.log()));
        tree.set("image", image(result.image()));
        tree.put("acceptedAt", Json.micros(result.acceptedAt()))
                .put("startedAt", time(result.startedAt()))
                .put("finishedAt", Json.micros(result.finishedAt()));
        tree.set("millis", millis(result.millis()));
        return tree;
    }

    static ObjectNode node(NodeStatus status) {
        ObjectNode tree =
                Json.object()
                        .put("nodeId", status.nodeId().value())
                        .put("version", status.version())
                        .put("url", status.url())
                        .put("state", status.state().wireName());
        NodeStatus.Engine engine = status.engine();
        tree.set(
                "engine",
                engine == null
                        ? null
                        : Json.object()
                                .put("name", engine.name())
                                .put("version", engine.version())
                                .put("api", engine.api()));
        tree.set("capacity", grant(status.capacity()));
        tree.set("allocated", grant(status.allocated()));
        tree.set("free", grant(free(status.capacity(), status.allocated())));
        tree.put("running", status.running()).put("waiting", status.waiting());
        ObjectNode labels = tree.putObject("labels");
        status.labels().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(label -> labels.put(label.getKey(), label.getValue()));
        return tree.put("heartbeat", Json.micros(status.heartbeat()));
    }

    private static Grant free(Grant capacity, Grant allocated) {
        return new Grant(
                Math.max(0, capacity.cpuNanos() - allocated.cpuNanos()),
                Math.max(0, capacity.memoryBytes() - allocated.memoryBytes()),
                Math.max(0, capacity.pids() - allocated.pids()));
    }

    private static @Nullable ObjectNode image(@Nullable ImageIdentity image) {
        return image == null
                ? null
                : Json.object().put("reference", image.reference()).put("digest", image.digest());
    }

    private static @Nullable ObjectNode grant(@Nullable Grant grant) {
        return grant == null
                ? null
                : Json.object()
                        .put("cpu", Json.cores(grant.cpuNanos()))
                        .put("memory", grant.memoryBytes())
                        .put("pids", grant.pids());
    }

    static @Nullable ObjectNode position(@Nullable LogPosition log) {
        return log == null
                ? null
                : Json.object()
                        .put("topic", log.topic())
                        .put("partition", log.partition())
                        .put("offset", log.offset());
    }

    private static ObjectNode summary(LogSummary log) {
        return Json.object()
                .put("topic", log.topic())
                .put("partition", log.partition())
                .put("firstOffset", log.firstOffset())
                .put("lastOffset", log.lastOffset())
                .put("lines", log.lines())
                .put("bytes", log.bytes())
                .put("complete", log.complete());
    }

    private static ObjectNode millis(PhaseMillis millis) {
        return Json.object()
                .put("queued", millis.queued())
                .put("pull", millis.pull())
                .put("create", millis.create())
                .put("run", millis.run());
    }

    private static @Nullable String name(@Nullable ExecutionState state) {
        return state == null ? null : state.wireName();
    }

    private static @Nullable String name(@Nullable Reason reason) {
        return reason == null ? null : reason.wireName();
    }

    static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : Json.micros(time);
    }
}
