package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.bus.Download;
import dev.longshore.bus.OwnExecutions;
import dev.longshore.bus.OwnRefusal;
import dev.longshore.bus.OwnUnavailable;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.NodeId;
import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;
import dev.longshore.wire.HttpJson;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * What only the node that owns an execution can do: where that is another one, the request is
 * passed on to it. On the event loop of the connection.
 */
final class OwnRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(OwnRoutes.class);
    private static final String PATH = "/api/v1/executions/:id";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private final Board board;
    private final NodeId self;
    private final OwnExecutions own;
    private final Forwarding forwarding;
    private final long maxBodyBytes;

    /**
     * @param self this node
     * @param own what this node does itself
     * @param forwarding for what another node does
     */
    OwnRoutes(
            Board board, NodeId self, OwnExecutions own, Forwarding forwarding, long maxBodyBytes) {
        this.board = board;
        this.self = self;
        this.own = own;
        this.forwarding = forwarding;
        this.maxBodyBytes = maxBodyBytes;
    }

    void mount(Router router) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(maxBodyBytes);
        CommandRoutes.take(router, body, PATH + "/exec", this::exec);
        router.get(PATH + "/stats").handler(this::stats);
        router.get(PATH + "/outputs/:name").handler(this::output);
    }

    private void exec(RoutingContext context) {
        // Read here too, so that a bad one is refused alike by every node.
        ExecBody body = ExecBody.of(context.body().buffer());
        ExecutionId id = running(context);
        byOwner(
                context,
                id,
                here ->
                        own.exec(id, body.command())
                                .onSuccess(
                                        answer ->
                                                Answers.json(
                                                        context, Answers.OK, HttpJson.exec(answer)))
                                .onFailure(failure -> fail(context, failure)));
    }

    private void stats(RoutingContext context) {
        Parameters.of(context, Set.of());
        ExecutionId id = running(context);
        byOwner(
                context,
                id,
                here ->
                        own.stats(id)
                                .onSuccess(
                                        usage ->
                                                Answers.json(
                                                        context,
                                                        Answers.OK,
                                                        HttpJson.usage(id, usage)))
                                .onFailure(failure -> fail(context, failure)));
    }

    private void output(RoutingContext context) {
        Parameters.of(context, Set.of());
        ExecutionId id = ExecutionRoutes.id(context);
        String name = context.pathParam("name");
        if (!NAME.matcher(name).matches()) {
            throw Problem.notFound("No output can have this name.").thrown();
        }
        if (board.find(id) == null && !forwarding.isForwarded(context)) {
            throw board.expected(id) == null
                    ? ExecutionRoutes.unknown().thrown()
                    : Problem.of(notTaken(id)).thrown();
        }
        byOwner(
                context,
                id,
                here ->
                        own.output(id, name)
                                .onSuccess(download -> send(context, id + "-" + name, download))
                                .onFailure(failure -> fail(context, failure)));
    }

    /** The execution that the path names, which has not ended as far as is known here. */
    private ExecutionId running(RoutingContext context) {
        ExecutionId id = ExecutionRoutes.id(context);
        Execution known = board.find(id);
        if (known != null && known.state().isFinal()) {
            throw Problem.of(
                            Refusal.of(
                                    RefusalCode.ALREADY_FINISHED,
                                    "execution " + id + " has finished already"))
                    .thrown();
        }
        if (known != null || forwarding.isForwarded(context)) {
            return id;
        }
        throw board.expected(id) == null
                ? ExecutionRoutes.unknown().thrown()
                : Problem.of(notTaken(id)).thrown();
    }

    private static Refusal notTaken(ExecutionId id) {
        return Refusal.of(RefusalCode.NOT_RUNNING, "no node has taken on execution " + id + " yet");
    }

    private void byOwner(RoutingContext context, ExecutionId id, Handler<ExecutionId> here) {
        Execution known = board.find(id);
        NodeId owner = known == null ? self : known.latest().nodeId();
        if (owner.equals(self)) {
            here.handle(id);
        } else {
            forwarding.pass(context, owner);
        }
    }

    private static void send(RoutingContext context, String fileName, Download download) {
        HttpServerResponse response = context.response();
        if (response.closed()) {
            download.close();
            return;
        }
        response.setChunked(true)
                .putHeader("Content-Type", "application/x-tar")
                .putHeader("Content-Disposition", "attachment; filename=\"" + fileName + ".tar\"");
        // Comes when the client has gone away, even while nothing is being written.
        response.closeHandler(gone -> download.close());
        // What broke off must not look like the whole: no end where there was none.
        download.bytes()
                .pipe()
                .endOnFailure(false)
                .to(response)
                .onComplete(
                        sent -> {
                            download.close();
                            if (sent.failed() && !response.closed()) {
                                LOG.warn("{} could not be read on", fileName, sent.cause());
                                response.reset();
                            }
                        });
    }

    private static void fail(RoutingContext context, Throwable failure) {
        HttpServerResponse response = context.response();
        switch (failure) {
            case OwnRefusal refusal ->
                    Problem.of(Refusal.of(refusal.code(), String.valueOf(refusal.getMessage())))
                            .write(response);
            case OwnUnavailable unavailable ->
                    Problem.unavailable(String.valueOf(unavailable.getMessage())).write(response);
            default -> context.fail(failure);
        }
    }
}
