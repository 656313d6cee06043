package dev.longshore.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import dev.longshore.job.ExecAnswer;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.JobId;
import dev.longshore.job.LiveUsage;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.Refusal;
import dev.longshore.job.StatusEvent;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/** The bodies of HTTP answers, as UTF-8 JSON. Any thread. */
public final class HttpJson {
    private static final String PROBLEMS = "https://longshore.dev/problems/";

    private HttpJson() {}

    /** The answer to an accepted start: {@code executionId} and {@code jobId}. */
    public static byte[] accepted(ExecutionId executionId, JobId jobId) {
        return Json.bytes(
                Json.object().put("executionId", executionId.value()).put("jobId", jobId.value()));
    }

    /** The answer to an accepted command to a node: {@code nodeId}. */
    public static byte[] accepted(NodeId nodeId) {
        return Json.bytes(Json.object().put("nodeId", nodeId.value()));
    }

    /** A status event, as on its topic. */
    public static byte[] status(StatusEvent event) {
        return Json.bytes(EventTrees.status(event));
    }

    /** A result event, as on its topic. */
    public static byte[] result(ExecutionResult result) {
        return Json.bytes(EventTrees.result(result));
    }

    /** A node event, as on its topic. */
    public static byte[] node(NodeStatus status) {
        return Json.bytes(EventTrees.node(status));
    }

    /** {@code {"nodes":[…]}}. */
    public static byte[] nodes(List<NodeStatus> nodes) {
        ObjectNode tree = Json.object();
        ArrayNode array = tree.putArray("nodes");
        nodes.forEach(node -> array.add(EventTrees.node(node)));
        return Json.bytes(tree);
    }

    /**
     * What a command came to: {@code exitCode}, {@code stdout}, {@code stderr}, {@code truncated}.
     */
    public static byte[] exec(ExecAnswer answer) {
        return Json.bytes(
                Json.object()
                        .put("exitCode", answer.exitCode())
                        .put("stdout", answer.stdout())
                        .put("stderr", answer.stderr())
                        .put("truncated", answer.truncated()));
    }

    /** What a program uses just now; {@code usage} of a result has the same names. */
    public static byte[] usage(ExecutionId executionId, LiveUsage usage) {
        return Json.bytes(
                Json.object()
                        .put("executionId", executionId.value())
                        .put("time", EventTrees.time(usage.time()))
                        .put("cpuSeconds", usage.cpuNanos() / 1e9)
                        .put("memoryBytes", usage.memoryBytes())
                        .put("peakMemoryBytes", usage.peakMemoryBytes())
                        .put("memoryLimitBytes", usage.memoryLimitBytes())
                        .put("pids", usage.pids())
                        .put("networkRxBytes", usage.networkRxBytes())
                        .put("networkTxBytes", usage.networkTxBytes())
                        .put("blockReadBytes", usage.blockReadBytes())
                        .put("blockWriteBytes", usage.blockWriteBytes()));
    }

    /**
     * One execution: the fields of its latest status, {@code log} from the event that said it,
     * {@code result} (null while there is none), and {@code history}, oldest first, where it is
     * asked for.
     */
    public static byte[] execution(Execution execution, boolean withHistory) {
        ObjectNode tree = snapshot(execution);
        ExecutionResult result = execution.result();
        tree.set("result", result == null ? null : EventTrees.result(result));
        if (withHistory) {
            tree.set("history", events(execution));
        }
        return Json.bytes(tree);
    }

    /**
     * The same without history, with the start command where it is known.
     *
     * @param spec its JSON, or null
     */
    public static byte[] execution(Execution execution, @Nullable String spec) {
        ObjectNode tree = snapshot(execution);
        ExecutionResult result = execution.result();
        tree.set("result", result == null ? null : EventTrees.result(result));
        if (spec != null) {
            tree.putRawValue("spec", new RawValue(spec));
        }
        return Json.bytes(tree);
    }

    /**
     * A page of executions, each with the fields of its latest status and its {@code exitCode},
     * null while it has none: {@code {"executions":[…],"nextCursor":…}}.
     *
     * @param nextCursor where the next page starts, or null at the end
     */
    public static byte[] executions(List<Execution> executions, @Nullable String nextCursor) {
        ObjectNode tree = Json.object();
        ArrayNode array = tree.putArray("executions");
        executions.forEach(execution -> array.add(rowTree(execution)));
        return Json.bytes(tree.put("nextCursor", nextCursor));
    }

    /** One entry of {@link #executions} by itself. */
    public static byte[] row(Execution execution) {
        return Json.bytes(rowTree(execution));
    }

    private static ObjectNode rowTree(Execution execution) {
        ExecutionResult result = execution.result();
        ObjectNode row = snapshot(execution);
        row.put("exitCode", result == null ? null : (Integer) result.outcome().exitCode());
        row.put("acceptedAt", EventTrees.time(execution.acceptedAt()));
        row.put("startedAt", EventTrees.time(execution.startedAt()));
        row.put("finishedAt", EventTrees.time(execution.finishedAt()));
        return row;
    }

    /**
     * {@code {"history":[…],"complete":…}}: the status events, oldest first, and whether these are
     * all.
     */
    public static byte[] history(Execution execution, boolean complete) {
        ObjectNode tree = Json.object();
        tree.set("history", events(execution));
        return Json.bytes(tree.put("complete", complete));
    }

    /**
     * A problem (RFC 9457, {@code application/problem+json}) with our {@code code}, and {@code
     * errors} where the refusal names a field.
     *
     * @param refusal what is wrong
     * @param status the HTTP status of the answer
     */
    public static byte[] problem(Refusal refusal, int status) {
        String name = refusal.code().name().toLowerCase(Locale.ROOT);
        ObjectNode tree =
                Json.object()
                        .put("type", PROBLEMS + name.replace('_', '-'))
                        .put("title", name.replace('_', ' '))
                        .put("status", status)
                        .put("detail", refusal.message())
                        .put("code", refusal.code().name());
        if (!refusal.field().isEmpty()) {
            tree.putArray("errors")
                    .addObject()
                    .put("pointer", refusal.field())
                    .put("message", refusal.message());
        }
        return Json.bytes(tree);
    }

    private static ObjectNode snapshot(Execution execution) {
        StatusEvent latest = execution.latest();
        ObjectNode tree = EventTrees.status(latest);
        if (latest.log() == null) {
            tree.set("log", EventTrees.position(execution.log()));
        }
        return tree;
    }

    private static ArrayNode events(Execution execution) {
        ArrayNode array = Json.object().arrayNode();
        execution.history().forEach(event -> array.add(EventTrees.status(event)));
        return array;
    }
}
