package dev.longshore.wire;

import dev.longshore.job.CollectedOutput;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Gpu;
import dev.longshore.job.GpuRequest;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.Grant;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.Input;
import dev.longshore.job.Isolation;
import dev.longshore.job.JobCommand;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogSummary;
import dev.longshore.job.Networking;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.Outcome;
import dev.longshore.job.Output;
import dev.longshore.job.OutputTail;
import dev.longshore.job.PhaseMillis;
import dev.longshore.job.PortBinding;
import dev.longshore.job.PortBinding.Protocol;
import dev.longshore.job.Privileges;
import dev.longshore.job.Privileges.Device;
import dev.longshore.job.Privileges.HostNamespace;
import dev.longshore.job.ProvisionScript;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.PullState;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Timeouts;
import dev.longshore.job.Ulimit;
import dev.longshore.job.Usage;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One fully filled value of every kind: the ones that the golden files show. */
final class WireFixtures {
    static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");
    static final ExecutionId ID = new ExecutionId("thumbnails-0007");
    static final JobId JOB = new JobId("thumbnails");
    static final NodeId NODE = new NodeId("node-1");
    static final String DIGEST =
            "sha256:" + "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4";
    static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private WireFixtures() {}

    static ExecutionRequest request() {
        EngineSpec engine =
                new EngineSpec(
                        "ghcr.io/media/thumbs:1.2@" + DIGEST,
                        List.of("/bin/sh"),
                        List.of("-c", "echo hi"),
                        Map.of("NAME", "value", "EMPTY", ""),
                        "/app",
                        "1000:1000",
                        PullPolicy.ALWAYS,
                        Map.of("team", "media"),
                        "SIGINT",
                        Duration.ofSeconds(10),
                        "linux/arm/v7",
                        "hub",
                        new Isolation(
                                Set.of("SYS_NICE", "CHOWN"),
                                true,
                                false,
                                true,
                                64L << 20,
                                Map.of("/tmp", 32L << 20),
                                Map.of("nofile", new Ulimit(4096, 4096), "core", new Ulimit(0, -1)),
                                privileges()),
                        new Networking(
                                "media-net",
                                List.of(
                                        new PortBinding(8080, 0, Protocol.TCP, "127.0.0.1"),
                                        new PortBinding(53, 5353, Protocol.UDP, "::1")),
                                List.of("10.0.0.2"),
                                List.of("db.example:10.0.0.7")));
        Resources resources =
                new Resources(
                        500_000_000L,
                        64L << 20,
                        256,
                        new GpuRequest(GpuVendor.NVIDIA, 2, List.of(), "H200", 40L << 30));
        Timeouts timeouts =
                new Timeouts(Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofMinutes(30));
        return new StartSpec(JOB, engine, resources, timeouts, files(), retry()).request(ID, null);
    }

    private static Privileges privileges() {
        return new Privileges(
                true,
                List.of(
                        new Device("/dev/fuse", "/dev/fuse", "rwm"),
                        new Device("/dev/sda", "/dev/disk", "rwm"),
                        new Device("/dev/sdb", "/dev/sdb", "rm")),
                List.of("seccomp=unconfined"),
                "runsc",
                Set.of(HostNamespace.PID, HostNamespace.IPC));
    }

    private static JobFiles files() {
        return new JobFiles(
                List.of(
                        new Input.Bind("/data/in", "/in", true),
                        new Input.Bind("/data/cache", "/cache", false),
                        new Input.Volume("models", "/models", true),
                        new Input.Inline("/etc/app.conf", utf8("a=\"é\"\n"), 0644),
                        new Input.Inline("/etc/app.key", new byte[] {0, (byte) 0xff, 7}, 0400)),
                List.of(new Output("thumbs", "/out")),
                List.of(new ProvisionScript("10-setup", "#!/bin/sh\nmkdir -p /tmp/work\n")));
    }

    private static Retry retry() {
        return new Retry(3, Set.of(Reason.OOM_KILLED, Reason.INFRA_LOST), Duration.ofSeconds(7));
    }

    static Gpu gpu() {
        return new Gpu(
                GpuVendor.NVIDIA,
                "GPU-8f6d1c2a",
                "NVIDIA H200",
                150_754_820_096L,
                "0000:65:00.0",
                "/dev/dri/renderD128",
                true);
    }

    private static Gpu brokenGpu() {
        return new Gpu(GpuVendor.AMD, "0000:66:00.0", "MI300X", 0, null, null, false);
    }

    private static Gpu freeGpu() {
        return new Gpu(
                GpuVendor.NVIDIA, "GPU-9a", "NVIDIA H200", 1L << 37, "0000:67:00.0", null, true);
    }

    static JobCommand.Start start() {
        return new JobCommand.Start(request());
    }

    static StatusEvent running() {
        return new StatusEvent(
                ID,
                JOB,
                NODE,
                1,
                4,
                ExecutionState.RUNNING,
                ExecutionState.STARTING,
                null,
                null,
                START,
                "3f1c",
                new ImageIdentity("busybox", DIGEST),
                new Grant(500_000_000L, 64L << 20, 256, List.of(gpu())),
                null,
                List.of(new PortBinding(8080, 49_153, Protocol.TCP, "127.0.0.1")),
                new LogPosition("longshore.logs", 0, 10),
                DIGEST.substring("sha256:".length()),
                new CommandPosition("longshore.jobs", 3, 7));
    }

    static StatusEvent pulling() {
        return new StatusEvent(
                ID,
                JOB,
                NODE,
                1,
                2,
                ExecutionState.PULLING,
                ExecutionState.ACCEPTED,
                null,
                null,
                START,
                null,
                new ImageIdentity("busybox", null),
                null,
                new PullState(1, 3, 4096, 1L << 33),
                List.of(),
                null,
                DIGEST.substring("sha256:".length()),
                null);
    }

    static StatusEvent accepted() {
        return new StatusEvent(
                ID,
                JOB,
                NODE,
                1,
                1,
                ExecutionState.ACCEPTED,
                null,
                null,
                null,
                START,
                null,
                null,
                null,
                null,
                DIGEST.substring("sha256:".length()));
    }

    static ExecutionResult result() {
        return new ExecutionResult(
                ID,
                JOB,
                NODE,
                1,
                Outcome.outOfMemory(137, 64L << 20),
                new OutputTail("epoch 1\n\"é\" \u0001\n", "", false, false),
                new LogSummary("longshore.logs", 0, 10, 99, 90, 4096, true),
                new ImageIdentity("busybox", DIGEST),
                START,
                START.plusSeconds(1),
                START.plusSeconds(2),
                new PhaseMillis(1, 2, 3, 1000),
                List.of(gpu()),
                List.of(
                        new CollectedOutput(
                                "thumbs",
                                "/results/thumbnails-0007/1/thumbs",
                                1,
                                5,
                                List.of(
                                        new CollectedOutput.Entry(
                                                "a b/é.jpg",
                                                5,
                                                DIGEST.substring("sha256:".length())))),
                        new CollectedOutput(
                                "empty", "/results/thumbnails-0007/1/empty", 0, 0, List.of())),
                new Usage(0.97, 64L << 20, 1, 2, 4096, 8192));
    }

    static ExecutionResult rejected() {
        return new ExecutionResult(
                ID,
                JOB,
                NODE,
                1,
                Outcome.rejected(Reason.NOT_PERMITTED, "the image is not on this node's list"),
                OutputTail.EMPTY,
                new LogSummary("longshore.logs", -1, -1, -1, 0, 0, true),
                new ImageIdentity("busybox", null),
                START,
                null,
                START,
                new PhaseMillis(0, 0, 0, 0));
    }

    static NodeStatus node() {
        return new NodeStatus(
                NODE,
                "0.1.0",
                "http://127.0.0.1:8080",
                NodeStatus.State.READY,
                new NodeStatus.Engine("host-1", "20.10.24", "1.41"),
                new Grant(2_000_000_000L, 8L << 30, 4096, List.of(gpu(), brokenGpu(), freeGpu())),
                new Grant(500_000_000L, 64L << 20, 256, List.of(gpu())),
                1,
                0,
                Map.of("zone", "a", "rack", "7"),
                START,
                "3f0c1f5e-7d0b-4b57-9a3e-6a2d1c9e8f10",
                16);
    }

    static Message message(String json) {
        return message(null, json);
    }

    static Message message(@Nullable String key, String json) {
        return new Message(key == null ? null : utf8(key), utf8(json), List.of());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
