package dev.longshore.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.github.f4b6a3.uuid.UuidCreator;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobCommand;
import dev.longshore.job.NodeId;
import dev.longshore.job.RefusalCode;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Commands from and to JSON. Accepts bare JSON and CloudEvents in binary and structured mode;
 * whatever a stranger sends, the answer is a value. Any thread: stateless but for the schemas,
 * which load at their first use (see {@link #warmUp}).
 */
public final class CommandCodec {
    /** No command is larger, in bytes, envelope included. */
    public static final int MOST_BYTES = 1 << 20;

    private static final Set<String> OF_NODES = Set.of("drain", "undrain", "cleanup", "prefetch");
    private static final List<String> CONTROLS =
            List.of(
                    "cancel",
                    "pause",
                    "resume",
                    "signal",
                    "extend",
                    "remove",
                    "drain",
                    "undrain",
                    "cleanup",
                    "prefetch");
    private static final String CONTROL_NAMES = "one of " + String.join(", ", CONTROLS);
    private static final String START = "start";

    /** The header of a record that says until when its start may begin. */
    private static final String EXPIRES = "expires-at";

    private final StrictJson json = new StrictJson(MOST_BYTES);
    private final Map<String, SchemaCheck> checks = new ConcurrentHashMap<>();

    /** Builds the parser; cheap. */
    public CommandCodec() {}

    /**
     * Loads the schemas now, so that the first record need not wait for it; may block, so not on an
     * event loop.
     */
    public void warmUp() {
        startBody("{\"image\":\"busybox\"}".getBytes(StandardCharsets.UTF_8));
        CONTROLS.forEach(this::check);
    }

    /**
     * Reads a record of the topic of start commands.
     *
     * @param origin {@code <topic>-<partition>-<offset>}: the execution id where neither value nor
     *     key has one, characters that an id can't hold replaced by {@code -}
     */
    public Decoded start(Message message, String origin) {
        return decode(
                message,
                envelope -> {
                    ObjectNode body = envelope.body();
                    requireStart(body.path("type"));
                    check(START).check(body);
                    ExecutionId id = Ids.ofStart(body, message, origin);
                    return new JobCommand.Start(
                            StartReader.read(body, id, expiry(message), envelope.traceparent()));
                });
    }

    private static @Nullable Instant expiry(Message message) {
        String header = message.header(EXPIRES);
        return header == null ? null : new Given(TextNode.valueOf(header), "/expiresAt").time();
    }

    /**
     * Reads a record of the topic of control commands; a key, where there is one, must be the id in
     * the value.
     */
    public Decoded control(Message message) {
        return decode(
                message,
                envelope -> {
                    ObjectNode body = envelope.body();
                    String type = controlType(body.path("type"));
                    check(type).check(body);
                    return OF_NODES.contains(type)
                            ? ofNode(
                                    type,
                                    new NodeId(Ids.ofControl(body, "nodeId", message)),
                                    new Given(body, ""))
                            : ofExecution(
                                    type,
                                    new ExecutionId(Ids.ofControl(body, "executionId", message)),
                                    new Given(body, ""));
                });
    }

    private static JobCommand ofNode(String type, NodeId id, Given body) {
        return switch (type) {
            case "drain" -> new JobCommand.Drain(id);
            case "undrain" -> new JobCommand.Undrain(id);
            case "cleanup" -> new JobCommand.Cleanup(id);
            default ->
                    new JobCommand.Prefetch(
                            id,
                            ImageFields.image(body),
                            ImageFields.platform(body),
                            ImageFields.registryAuth(body));
        };
    }

    private static JobCommand ofExecution(String type, ExecutionId id, Given body) {
        return switch (type) {
            case "cancel" -> new JobCommand.Cancel(id, body.field("reason").text());
            case "pause" -> new JobCommand.Pause(id);
            case "resume" -> new JobCommand.Resume(id);
            case "signal" ->
                    new JobCommand.Signal(
                            id, Objects.requireNonNull(body.field("signal").signal(), "signal"));
            case "extend" ->
                    new JobCommand.Extend(
                            id,
                            Objects.requireNonNull(
                                    body.field("timeouts").field("run").duration(), "run"));
            default -> new JobCommand.Remove(id);
        };
    }

    /**
     * Reads the body of an HTTP request; an execution id that is not given is made up: a UUIDv7.
     */
    public Decoded startBody(byte[] body) {
        Message message = new Message(null, body, List.of());
        return start(message, UuidCreator.getTimeOrderedEpoch().toString());
    }

    /**
     * Canonical JSON: fields sorted, values normalised, defaults left out. Reads back as an equal
     * command, but for the trace context, which travels in headers.
     */
    public byte[] encode(JobCommand command) {
        return Json.canonical(
                switch (command) {
                    case JobCommand.Start(ExecutionRequest request) -> StartWriter.tree(request);
                    case JobCommand.Cancel(ExecutionId id, @Nullable String reason) -> {
                        ObjectNode tree = tree("cancel", id);
                        yield reason == null ? tree : tree.put("reason", reason);
                    }
                    case JobCommand.Pause(ExecutionId id) -> tree("pause", id);
                    case JobCommand.Resume(ExecutionId id) -> tree("resume", id);
                    case JobCommand.Signal(ExecutionId id, String signal) ->
                            tree("signal", id).put("signal", signal);
                    case JobCommand.Extend(ExecutionId id, Duration run) -> {
                        ObjectNode tree = tree("extend", id);
                        tree.putObject("timeouts").put("run", run.toString());
                        yield tree;
                    }
                    case JobCommand.Remove(ExecutionId id) -> tree("remove", id);
                    case JobCommand.Drain(NodeId id) -> nodeTree("drain", id);
                    case JobCommand.Undrain(NodeId id) -> nodeTree("undrain", id);
                    case JobCommand.Cleanup(NodeId id) -> nodeTree("cleanup", id);
                    case JobCommand.Prefetch prefetch -> prefetchTree(prefetch);
                });
    }

    private static ObjectNode prefetchTree(JobCommand.Prefetch prefetch) {
        ObjectNode tree = nodeTree("prefetch", prefetch.nodeId()).put("image", prefetch.image());
        if (prefetch.platform() != null) {
            tree.put("platform", prefetch.platform());
        }
        return prefetch.registryAuth() == null
                ? tree
                : tree.put("registryAuth", prefetch.registryAuth());
    }

    private static ObjectNode tree(String type, ExecutionId id) {
        return Json.object().put("type", type).put("executionId", id.value());
    }

    private static ObjectNode nodeTree(String type, NodeId id) {
        return Json.object().put("type", type).put("nodeId", id.value());
    }

    private Decoded decode(Message message, Function<Envelope, JobCommand> reading) {
        ObjectNode body = null;
        try {
            Envelope envelope = Envelope.open(message, json);
            body = envelope.body();
            return new Decoded.Command(reading.apply(envelope));
        } catch (RefusedException e) {
            return new Decoded.Malformed(e.refusal(), Ids.meant(body, message));
        }
    }

    private SchemaCheck check(String type) {
        return checks.computeIfAbsent(
                type,
                absent ->
                        type.equals(START)
                                ? new SchemaCheck("start.v1.json", null)
                                : new SchemaCheck("control.v1.json", type));
    }

    private static void requireStart(JsonNode type) {
        if (!type.isMissingNode() && !START.equals(type.textValue())) {
            throw new RefusedException(
                    RefusalCode.UNKNOWN_COMMAND,
                    "/type",
                    CONTROLS.contains(type.asText())
                            ? '"' + type.asText() + "\" belongs into the control topic"
                            : Quote.of(type.asText()) + " is not \"start\"");
        }
    }

    private static String controlType(JsonNode type) {
        if (type.isMissingNode()) {
            throw new RefusedException(
                    RefusalCode.MISSING_FIELD, "/type", "this field is required: " + CONTROL_NAMES);
        }
        String name = type.textValue();
        if (name == null || !CONTROLS.contains(name)) {
            throw new RefusedException(
                    RefusalCode.UNKNOWN_COMMAND,
                    "/type",
                    START.equals(name)
                            ? "\"start\" belongs into the jobs topic"
                            : Quote.of(type.asText()) + " is not " + CONTROL_NAMES);
        }
        return name;
    }
}
