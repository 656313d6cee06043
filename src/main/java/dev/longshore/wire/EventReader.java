package dev.longshore.wire;

import dev.longshore.job.CollectedOutput;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Gpu;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.Grant;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.JobId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogSummary;
import dev.longshore.job.NodeId;
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

import java.util.List;
import java.util.Objects;

/**
 * The way back from {@link EventTrees}; what does not fit is a {@link WireException}. Any thread.
 */
final class EventReader {
    private EventReader() {}

    static StatusEvent status(Fields in) {
        return new StatusEvent(
                new ExecutionId(in.text("executionId")),
                new JobId(in.text("jobId")),
                new NodeId(in.text("nodeId")),
                in.count("attempt"),
                in.number("sequence"),
                in.constant("state", ExecutionState.class),
                in.constantOrNull("previous", ExecutionState.class),
                in.constantOrNull("reason", Reason.class),
                in.textOrNull("message"),
                in.time("time"),
                in.textOrNull("containerId"),
                image(in.objectOrNull("image")),
                grant(in.objectOrNull("resources"), in),
                pull(in.objectOrNull("pull")),
                in.objects("ports").stream().map(EventReader::port).toList(),
                position(in.objectOrNull("log")),
                in.text("specHash"),
                command(in.objectOrNull("command")));
    }

    private static @Nullable CommandPosition command(@Nullable Fields in) {
        return in == null
                ? null
                : new CommandPosition(in.text("topic"), in.count("partition"), in.number("offset"));
    }

    static ExecutionResult result(Fields in) {
        return new ExecutionResult(
                new ExecutionId(in.text("executionId")),
                new JobId(in.text("jobId")),
                new NodeId(in.text("nodeId")),
                in.count("attempt"),
                new Outcome(
                        in.constant("state", ExecutionState.class),
                        in.constant("reason", Reason.class),
                        in.textOrNull("message"),
                        in.count("exitCode"),
                        in.textOrNull("signal"),
                        in.flag("killed")),
                new OutputTail(
                        in.text("stdout"),
                        in.text("stderr"),
                        in.flag("stdoutTruncated"),
                        in.flag("stderrTruncated")),
                summary(in.object("log")),
                Objects.requireNonNull(image(in.object("image"))),
                in.time("acceptedAt"),
                in.timeOrNull("startedAt"),
                in.time("finishedAt"),
                millis(in.object("millis")),
                gpus(in),
                in.objects("outputs").stream().map(EventReader::output).toList(),
                usage(in.objectOrNull("usage")));
    }

    static NodeStatus node(Fields in) {
        Fields engine = in.objectOrNull("engine");
        return new NodeStatus(
                new NodeId(in.text("nodeId")),
                in.text("version"),
                in.textOrNull("url"),
                in.constant("state", NodeStatus.State.class),
                engine == null
                        ? null
                        : new NodeStatus.Engine(
                                engine.text("name"), engine.text("version"), engine.text("api")),
                share(in.object("capacity")),
                share(in.object("allocated")),
                in.count("running"),
                in.count("waiting"),
                in.texts("labels"),
                in.time("heartbeat"),
                in.textOrNull("instance"),
                in.countOrNull("maxRunning"));
    }

    private static @Nullable ImageIdentity image(@Nullable Fields in) {
        return in == null ? null : new ImageIdentity(in.text("reference"), in.textOrNull("digest"));
    }

    /** What a node grants; the GPUs stand beside it. */
    private static @Nullable Grant grant(@Nullable Fields in, Fields beside) {
        return in == null
                ? null
                : new Grant(
                        in.cpuNanos("cpu"), in.number("memory"), in.count("pids"), gpus(beside));
    }

    private static Grant share(Fields in) {
        return new Grant(in.cpuNanos("cpu"), in.number("memory"), in.count("pids"), gpus(in));
    }

    /** None where an older node wrote the event. */
    private static List<Gpu> gpus(Fields in) {
        return in.objects("gpus").stream()
                .map(
                        gpu ->
                                new Gpu(
                                        gpu.constant("vendor", GpuVendor.class),
                                        gpu.text("id"),
                                        gpu.text("model"),
                                        gpu.number("memoryBytes"),
                                        gpu.textOrNull("pciAddress"),
                                        gpu.textOrNull("renderNode"),
                                        gpu.flagOr("healthy", true)))
                .toList();
    }

    private static @Nullable PullState pull(@Nullable Fields in) {
        return in == null
                ? null
                : new PullState(
                        in.count("layersDone"),
                        in.count("layers"),
                        in.number("bytesDone"),
                        in.number("bytes"));
    }

    private static CollectedOutput output(Fields in) {
        return new CollectedOutput(
                in.text("name"),
                in.text("path"),
                in.number("files"),
                in.number("bytes"),
                in.objects("manifest").stream()
                        .map(
                                file ->
                                        new CollectedOutput.Entry(
                                                file.text("path"),
                                                file.number("bytes"),
                                                file.text("sha256")))
                        .toList());
    }

    private static PortBinding port(Fields in) {
        return new PortBinding(
                in.count("container"),
                in.count("host"),
                in.constant("protocol", PortBinding.Protocol.class),
                in.text("hostIp"));
    }

    private static @Nullable Usage usage(@Nullable Fields in) {
        return in == null
                ? null
                : new Usage(
                        in.decimal("cpuSeconds"),
                        in.number("peakMemoryBytes"),
                        in.number("networkRxBytes"),
                        in.number("networkTxBytes"),
                        in.number("blockReadBytes"),
                        in.number("blockWriteBytes"));
    }

    private static @Nullable LogPosition position(@Nullable Fields in) {
        return in == null
                ? null
                : new LogPosition(in.text("topic"), in.count("partition"), in.number("offset"));
    }

    private static LogSummary summary(Fields in) {
        return new LogSummary(
                in.text("topic"),
                in.count("partition"),
                in.number("firstOffset"),
                in.number("lastOffset"),
                in.number("lines"),
                in.number("bytes"),
                in.flag("complete"));
    }

    private static PhaseMillis millis(Fields in) {
        return new PhaseMillis(
                in.number("queued"), in.number("pull"), in.number("create"), in.number("run"));
    }
}
