package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.wire.HttpJson;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.Set;

/** What the nodes say about themselves. On the event loop of the connection. */
final class NodeRoutes {
    private final Board board;

    NodeRoutes(Board board) {
        this.board = board;
    }

    void mount(Router router) {
        router.get("/api/v1/nodes").handler(this::list);
        router.get("/api/v1/nodes/:id").handler(this::one);
    }

    private void list(RoutingContext context) {
        Parameters.of(context, Set.of());
        Answers.json(context, Answers.OK, HttpJson.nodes(board.nodes()));
    }

    private void one(RoutingContext context) {
        Parameters.of(context, Set.of());
        NodeStatus node = board.node(id(context));
        if (node == null) {
            throw unknown().thrown();
        }
        Answers.json(context, Answers.OK, HttpJson.node(node));
    }

    /** The id in the path; one that is none names no node. */
    static NodeId id(RoutingContext context) {
        String id = context.pathParam("id");
        if (!NodeId.isValid(id)) {
            throw unknown().thrown();
        }
        return new NodeId(id);
    }

    static Problem unknown() {
        return Problem.notFound("No node of this id has been heard of.");
    }
}
