package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobCommand;
import dev.longshore.job.JobId;
import dev.longshore.job.NodeId;
import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;
import dev.longshore.kafka.CommandSink;
import dev.longshore.wire.CommandCodec;
import dev.longshore.wire.Decoded;
import dev.longshore.wire.Header;
import dev.longshore.wire.HttpJson;
import dev.longshore.wire.Message;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Takes commands and passes them on by their topics, where every other producer's come too: 202
 * says that the broker has the command, not that a node has. On the event loop of the connection.
 */
final class CommandRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(CommandRoutes.class);
    private static final Pattern TRACEPARENT =
            Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int UNSUPPORTED_MEDIA_TYPE = 415;

    private final Board board;
    private final CommandCodec codec;
    private final CommandSink sink;
    private final long maxBodyBytes;

    CommandRoutes(Board board, CommandCodec codec, CommandSink sink, long maxBodyBytes) {
        this.board = board;
        this.codec = codec;
        this.sink = sink;
        this.maxBodyBytes = maxBodyBytes;
    }

    void mount(Router router) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(maxBodyBytes);
        take(router, body, "/api/v1/executions", this::start);
        for (String command : List.of("cancel", "pause", "resume", "signal", "extend", "remove")) {
            take(
                    router,
                    body,
                    "/api/v1/executions/:id/" + command,
                    context -> control(context, command));
        }
        for (String command : List.of("drain", "undrain", "cleanup", "prefetch")) {
            take(router, body, "/api/v1/nodes/:id/" + command, context -> ofNode(context, command));
        }
    }

    /** Routes a command that has a JSON body. */
    static void take(
            Router router, BodyHandler body, String path, Handler<RoutingContext> handler) {
        // Two routes: on one, Vert.x lets nothing of ours come before the body is read.
        router.post(path).handler(CommandRoutes::requireJson);
        router.post(path).handler(body).handler(handler);
    }

    private static void requireJson(RoutingContext context) {
        Parameters.of(context, Set.of());
        String type = context.request().getHeader("Content-Type");
        if (type != null) {
            String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (!media.equals("application/json") && !media.endsWith("+json")) {
                // A form that a foreign page makes the browser send is never JSON.
                context.fail(UNSUPPORTED_MEDIA_TYPE);
                return;
            }
        }
        context.next();
    }

    private void start(RoutingContext context) {
        ExecutionRequest request =
                switch (codec.startBody(bytes(context))) {
                    case Decoded.Malformed malformed ->
                            throw Problem.of(malformed.refusal()).thrown();
                    case Decoded.Command(JobCommand.Start(ExecutionRequest asked)) -> asked;
                    case Decoded.Command other ->
                            throw new IllegalStateException("not a start: " + other);
                };
        Access.require(context, request.jobId());
        ExecutionId id = request.executionId();
        JobId before = jobOf(id);
        if (before != null) {
            Access.require(context, before);
        }
        byte[] json = codec.encode(new JobCommand.Start(request));
        answer(
                context,
                sink.start(id, json, headers(context)),
                () -> {
                    board.expect(id, request.jobId());
                    context.response().putHeader("Location", "/api/v1/executions/" + id);
                    return HttpJson.accepted(id, request.jobId());
                });
    }

    private void control(RoutingContext context, String type) {
        ExecutionId id = ExecutionRoutes.id(context);
        JobId job = jobOf(id);
        if (job == null) {
            throw ExecutionRoutes.unknown().thrown();
        }
        ControlBody command =
                new ControlBody(JsonBody.of(context.body().buffer()))
                        .with("type", type)
                        .with("executionId", id.value());
        answer(context, pass(context, id.value(), command), () -> HttpJson.accepted(id, job));
    }

    private void ofNode(RoutingContext context, String type) {
        NodeId id = NodeRoutes.id(context);
        if (board.node(id) == null) {
            throw NodeRoutes.unknown().thrown();
        }
        ControlBody command =
                new ControlBody(JsonBody.of(context.body().buffer()))
                        .with("type", type)
                        .with("nodeId", id.value());
        answer(context, pass(context, id.value(), command), () -> HttpJson.accepted(id));
    }

    /** Sends what the body and the path say together, in the form that everybody sends it in. */
    private Future<Void> pass(RoutingContext context, String key, ControlBody command) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        JobCommand understood =
                switch (codec.control(new Message(keyBytes, command.bytes(), List.of()))) {
                    case Decoded.Malformed malformed ->
                            throw Problem.of(malformed.refusal()).thrown();
                    case Decoded.Command(JobCommand asked) -> asked;
                };
        return sink.control(key, codec.encode(understood), headers(context));
    }

    private @Nullable JobId jobOf(ExecutionId id) {
        Execution known = board.find(id);
        return known == null ? board.expected(id) : known.latest().jobId();
    }

    private static void answer(RoutingContext context, Future<Void> sent, Supplier<byte[]> body) {
        sent.onSuccess(v -> Answers.json(context, Answers.ACCEPTED, body.get()))
                .onFailure(
                        failure -> {
                            LOG.warn("A command could not be passed on", failure);
                            Problem.unavailable(
                                            "The broker did not take the command in time; it may"
                                                    + " still arrive.")
                                    .write(context.response());
                        });
    }

    private static byte[] bytes(RoutingContext context) {
        Buffer body = context.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }

    private static List<Header> headers(RoutingContext context) {
        String trace = context.request().getHeader("traceparent");
        return trace != null && TRACEPARENT.matcher(trace).matches()
                ? List.of(new Header("traceparent", trace.getBytes(StandardCharsets.US_ASCII)))
                : List.of();
    }

    /** The body of a control command, which the path completes. */
    private record ControlBody(JsonObject fields) {
        ControlBody with(String name, String value) {
            if (fields.containsKey(name)) {
                throw Problem.of(
                                new Refusal(
                                        RefusalCode.UNKNOWN_FIELD,
                                        "/" + name,
                                        "The path says this already."))
                        .thrown();
            }
            fields.put(name, value);
            return this;
        }

        byte[] bytes() {
            return fields.toBuffer().getBytes();
        }
    }
}
