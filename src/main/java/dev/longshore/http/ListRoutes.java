package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.board.Cursor;
import dev.longshore.board.Page;
import dev.longshore.board.Query;
import dev.longshore.board.TailRefusedException;
import dev.longshore.job.JobGlob;
import dev.longshore.job.JobId;
import dev.longshore.job.NodeId;
import dev.longshore.wire.HttpJson;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The list of executions: a page of it, or with {@code watch=true} as Server-Sent Events that go on
 * with every change. On the event loop of the connection.
 */
final class ListRoutes {
    private final Vertx vertx;
    private final Board board;
    private final HttpSettings settings;
    private final OpenStreams streams;
    private final Set<ListWatch> open = new HashSet<>();

    ListRoutes(Vertx vertx, Board board, HttpSettings settings, OpenStreams streams) {
        this.streams = streams;
        this.vertx = vertx;
        this.board = board;
        this.settings = settings;
    }

    void mount(Router router) {
        router.get("/api/v1/executions").handler(this::list);
    }

    /** Sends everyone who watches away: this node stops. */
    void stop() {
        List.copyOf(open).forEach(ListWatch::goAway);
    }

    private void list(RoutingContext context) {
        Parameters given =
                Parameters.of(
                        context, Set.of("state", "jobId", "nodeId", "limit", "cursor", "watch"));
        boolean watch = given.flag("watch", false);
        if (watch && given.has("cursor")) {
            throw Problem.parameter("cursor", "Who watches has the newest only: leave it out.")
                    .thrown();
        }
        Query query = query(given, Access.grant(context).jobs());
        if (watch) {
            watch(context, query);
            return;
        }
        Page page = board.list(query);
        Cursor next = page.next();
        Answers.json(
                context,
                Answers.OK,
                HttpJson.executions(page.executions(), next == null ? null : next.encode()));
    }

    private static Query query(Parameters given, @Nullable JobGlob jobs) {
        long limit = given.count("limit", Query.DEFAULT_LIMIT);
        if (limit < 1 || limit > Query.MAX_LIMIT) {
            throw Problem.parameter("limit", "It must be 1 to " + Query.MAX_LIMIT + ".").thrown();
        }
        return new Query(
                given.value(
                        "state",
                        ExecutionRoutes::state,
                        "It must be one of " + ExecutionRoutes.states() + "."),
                given.value("jobId", JobId::new, "It is not a job id."),
                given.value("nodeId", NodeId::new, "It is not a node id."),
                jobs,
                (int) limit,
                given.value("cursor", Cursor::decode, "It is not a cursor that was given here."));
    }

    private void watch(RoutingContext context, Query query) {
        Runnable leave = streams.admit(context);
        ListWatch watch = new ListWatch(vertx, board, query, context.response());
        try {
            watch.open(
                    settings,
                    () -> {
                        leave.run();
                        open.remove(watch);
                    });
            open.add(watch);
        } catch (TailRefusedException refused) {
            leave.run();
            throw Problem.tooMany(refused.explanation()).thrown();
        }
    }
}
