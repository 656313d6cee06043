package dev.longshore.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobId;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The canonical JSON of a start command: values normalised, defaults left out. Any thread. */
final class StartWriter {
    private StartWriter() {}

    static ObjectNode tree(ExecutionRequest request) {
        ObjectNode tree = spec(request.jobId(), request.engine(), request.resources(), request.timeouts());
        return tree.put("executionId", request.executionId().value());
    }

    /** SHA-256 in lower-case hex over the canonical form without the execution id. */
    static String specHash(JobId jobId, EngineSpec engine, Resources resources, Timeouts timeouts) {
        try {
            byte[] canonical = Json.canonical(spec(jobId, engine, resources, timeouts));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static ObjectNode spec(JobId jobId, EngineSpec engine, Resources resources, Timeouts timeouts) {
        ObjectNode tree = Json.object().put("jobId", jobId.value()).put("image", engine.image());
        words(tree, "entrypoint", engine.entrypoint());
        words(tree, "command", engine.command());
        texts(tree, "environment", engine.environment());
        text(tree, "workingDirectory", engine.workingDirectory());
        text(tree, "user", engine.user());
        if (engine.pullPolicy() != PullPolicy.MISSING) {
            tree.put("pullPolicy", engine.pullPolicy().name().toLowerCase(Locale.ROOT));
        }
        texts(tree, "labels", engine.labels());
        text(tree, "stopSignal", engine.stopSignal());
        text(tree, "stopGrace", engine.stopGrace());
        if (!resources.equals(Resources.DEFAULTS)) {
            tree.set("resources", resources(resources));
        }
        if (!timeouts.equals(Timeouts.DEFAULTS)) {
            text(tree.putObject("timeouts"), "run", timeouts.run());
        }
        return tree;
    }

    private static ObjectNode resources(Resources resources) {
        ObjectNode tree = Json.object();
        if (resources.cpuNanos() != null) {
            tree.put("cpu", Json.cores(resources.cpuNanos()));
        }
        if (resources.memoryBytes() != null) {
            tree.put("memory", resources.memoryBytes());
        }
        if (resources.pids() != null) {
            tree.put("pids", resources.pids());
        }
        return tree;
    }

    private static void text(ObjectNode tree, String field, @Nullable Object value) {
        if (value != null) {
            tree.put(field, value.toString());
        }
    }

    private static void words(ObjectNode tree, String field, List<String> words) {
        if (!words.isEmpty()) {
            ArrayNode array = tree.putArray(field);
            words.forEach(array::add);
        }
    }

    private static void texts(ObjectNode tree, String field, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            ObjectNode object = tree.putObject(field);
            texts.forEach(object::put);
        }
    }
}
