package dev.longshore.wire;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.Grant;
import dev.longshore.job.ImageIdentity;
import dev.longshore.job.JobCommand;
import dev.longshore.job.JobId;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogSummary;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.Outcome;
import dev.longshore.job.OutputTail;
import dev.longshore.job.PhaseMillis;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.Reason;
import dev.longshore.job.Resources;
import dev.longshore.job.StatusEvent;
import dev.longshore.job.Timeouts;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

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
                        Duration.ofSeconds(10));
        Resources resources = new Resources(500_000_000L, 64L << 20, 256);
        Timeouts timeouts = Timeouts.ofRun(Duration.ofMinutes(30));
        String hash = CommandCodec.specHash(JOB, engine, resources, timeouts);
        return new ExecutionRequest(ID, JOB, engine, resources, timeouts, hash, null);
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
                new Grant(500_000_000L, 64L << 20, 256),
                new LogPosition("longshore.logs", 0, 10),
                DIGEST.substring("sha256:".length()));
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
                new PhaseMillis(1, 2, 3, 1000));
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
                new Grant(2_000_000_000L, 8L << 30, 4096),
                new Grant(500_000_000L, 64L << 20, 256),
                1,
                0,
                Map.of("zone", "a", "rack", "7"),
                START);
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
