package dev.longshore.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.job.CollectedOutput;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Gpu;
import dev.longshore.job.Grant;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogSummary;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.Outcome;
import dev.longshore.job.OutputTail;
import dev.longshore.job.PhaseMillis;
import dev.longshore.job.PortBinding;
import dev.longshore.job.PullState;
import dev.longshore.job.Reason;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Usage;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
        Grant granted = event.resources();
        tree.set("resources", granted == null ? null : grant(granted));
        tree.set("gpus", gpus(granted == null ? List.of() : granted.gpus()));
        PullState pull = event.pull();
        if (pull != null) {
            tree.putObject("pull")
                    .put("layersDone", pull.layersDone())
                    .put("layers", pull.layers())
                    .put("bytesDone", pull.bytesDone())
                    .put("bytes", pull.bytes());
        }
        if (!event.ports().isEmpty()) {
            ArrayNode ports = tree.putArray("ports");
            event.ports().forEach(port -> ports.add(port(port)));
        }
        tree.set("log", position(event.log()));
        CommandPosition command = event.command();
        if (command != null) {
            tree.putObject("command")
                    .put("topic", command.topic())
                    .put("partition", command.partition())
                    .put("offset", command.offset());
        }
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
        tree.set("gpus", gpus(result.gpus()));
        ArrayNode outputs = tree.putArray("outputs");
        result.outputs().forEach(collected -> outputs.add(collected(collected)));
        tree.put("acceptedAt", Json.micros(result.acceptedAt()))
                .put("startedAt", time(result.startedAt()))
                .put("finishedAt", Json.micros(result.finishedAt()));
        tree.set("millis", millis(result.millis()));
        tree.set("usage", usage(result.usage()));
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
        tree.set("capacity", share(status.capacity()));
        tree.set("allocated", share(status.allocated()));
        tree.set("free", share(free(status.capacity(), status.allocated())));
        tree.put("running", status.running()).put("waiting", status.waiting());
        ObjectNode labels = tree.putObject("labels");
        status.labels().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(label -> labels.put(label.getKey(), label.getValue()));
        tree.put("heartbeat", Json.micros(status.heartbeat()));
        if (status.instance() != null) {
            tree.put("instance", status.instance());
        }
        if (status.maxRunning() != null) {
            tree.put("maxRunning", status.maxRunning());
        }
        return tree;
    }

    private static Grant free(Grant capacity, Grant allocated) {
        Set<String> promised = allocated.gpus().stream().map(Gpu::id).collect(Collectors.toSet());
        return new Grant(
                Math.max(0, capacity.cpuNanos() - allocated.cpuNanos()),
                Math.max(0, capacity.memoryBytes() - allocated.memoryBytes()),
                Math.max(0, capacity.pids() - allocated.pids()),
                capacity.gpus().stream()
                        .filter(gpu -> gpu.healthy() && !promised.contains(gpu.id()))
                        .toList());
    }

    /** With its GPUs, which an execution's status has beside it. */
    private static ObjectNode share(Grant grant) {
        ObjectNode tree = grant(grant);
        if (!grant.gpus().isEmpty()) {
            tree.set("gpus", gpus(grant.gpus()));
        }
        return tree;
    }

    private static ArrayNode gpus(List<Gpu> gpus) {
        ArrayNode array = Json.object().arrayNode();
        for (Gpu gpu : gpus) {
            ObjectNode tree =
                    array.addObject()
                            .put("vendor", gpu.vendor().wireName())
                            .put("id", gpu.id())
                            .put("model", Json.paired(gpu.model()))
                            .put("memoryBytes", gpu.memoryBytes())
                            .put("pciAddress", gpu.pciAddress());
            if (gpu.renderNode() != null) {
                tree.put("renderNode", gpu.renderNode());
            }
            if (!gpu.healthy()) {
                tree.put("healthy", false);
            }
        }
        return array;
    }

    private static ObjectNode collected(CollectedOutput output) {
        ObjectNode tree =
                Json.object()
                        .put("name", output.name())
                        .put("path", Json.paired(output.path()))
                        .put("files", output.files())
                        .put("bytes", output.bytes());
        ArrayNode manifest = tree.putArray("manifest");
        for (CollectedOutput.Entry file : output.manifest()) {
            manifest.addObject()
                    .put("path", Json.paired(file.path()))
                    .put("bytes", file.bytes())
                    .put("sha256", file.sha256());
        }
        return tree;
    }

    private static ObjectNode port(PortBinding port) {
        return Json.object()
                .put("container", port.containerPort())
                .put("host", port.hostPort())
                .put("protocol", port.protocol().name().toLowerCase(Locale.ROOT))
                .put("hostIp", port.hostIp());
    }

    private static @Nullable ObjectNode usage(@Nullable Usage usage) {
        return usage == null
                ? null
                : Json.object()
                        .put("cpuSeconds", usage.cpuSeconds())
                        .put("peakMemoryBytes", usage.peakMemoryBytes())
                        .put("networkRxBytes", usage.networkRxBytes())
                        .put("networkTxBytes", usage.networkTxBytes())
                        .put("blockReadBytes", usage.blockReadBytes())
                        .put("blockWriteBytes", usage.blockWriteBytes());
    }

    private static @Nullable ObjectNode image(@Nullable ImageIdentity image) {
        return image == null
                ? null
                : Json.object().put("reference", image.reference()).put("digest", image.digest());
    }

    private static ObjectNode grant(Grant grant) {
        return Json.object()
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
