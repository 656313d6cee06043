package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.board.ResultWait;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobId;
import dev.longshore.wire.HttpJson;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** What is known about executions. On the event loop of the connection. */
final class ExecutionRoutes {
    private static final Duration USUAL_WAIT = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final Board board;
    private final Duration maxWait;
    private final Topics topics;

    /** What is looked up in the topics when it is asked for. */
    record Topics(Specs specs, Histories histories) {}

    ExecutionRoutes(Vertx vertx, Board board, Duration maxWait, Topics topics) {
        this.vertx = vertx;
        this.board = board;
        this.maxWait = maxWait;
        this.topics = topics;
    }

    void mount(Router router) {
        router.get("/api/v1/executions/:id").handler(this::one);
        router.get("/api/v1/executions/:id/history").handler(this::history);
        router.get("/api/v1/executions/:id/result").handler(this::result);
    }

    /** The execution that the path names; throws the 404 where it can't be one. */
    static ExecutionId id(RoutingContext context) {
        String id = context.pathParam("id");
        if (!ExecutionId.isValid(id)) {
            throw unknown().thrown();
        }
        return new ExecutionId(id);
    }

    /** Nobody has heard of it. */
    static Problem unknown() {
        return Problem.notFound("No execution of this id is known here.");
    }

    private void one(RoutingContext context) {
        Parameters query = Parameters.of(context, Set.of("await", "wait"));
        ExecutionState awaited =
                query.value("await", ExecutionRoutes::state, "It must be one of " + states() + ".");
        if (awaited == null && query.has("wait")) {
            throw Problem.parameter("wait", "Say with await which state to wait for.").thrown();
        }
        Duration usual = maxWait.compareTo(USUAL_WAIT) < 0 ? maxWait : USUAL_WAIT;
        Duration patience = query.duration("wait", usual, maxWait);
        if (awaited != null) {
            new StateWait(vertx, board, context, awaited).begin(id(context), patience);
            return;
        }
        Execution known = known(context);
        if (known != null) {
            topics.specs()
                    .of(known)
                    .onSuccess(
                            spec ->
                                    Answers.json(
                                            context,
                                            Answers.OK,
                                            HttpJson.execution(known, spec.orElse(null))))
                    .onFailure(context::fail);
        }
    }

    private void history(RoutingContext context) {
        Parameters.of(context, Set.of());
        Execution known = known(context);
        if (known != null) {
            topics.histories()
                    .of(known)
                    .onSuccess(
                            told ->
                                    Answers.json(
                                            context,
                                            Answers.OK,
                                            HttpJson.history(told.execution(), told.complete())))
                    .onFailure(context::fail);
        }
    }

    /** The execution, or null where it is only asked for yet and that has been answered. */
    private @Nullable Execution known(RoutingContext context) {
        ExecutionId id = id(context);
        Execution known = board.find(id);
        if (known == null) {
            notYet(context, id);
        }
        return known;
    }

    /** Says that an execution is under way, or that nobody knows it. */
    private void notYet(RoutingContext context, ExecutionId id) {
        JobId job = board.expected(id);
        Execution known = board.find(id);
        context.response().putHeader("Retry-After", "1");
        if (known != null) {
            Buffer body =
                    new JsonObject()
                            .put("executionId", id.value())
                            .put("jobId", known.latest().jobId().value())
                            .put("state", known.state().wireName())
                            .toBuffer();
            Answers.json(context, Answers.ACCEPTED, body);
        } else if (job != null) {
            Answers.json(context, Answers.ACCEPTED, HttpJson.accepted(id, job));
        } else {
            context.response().headers().remove("Retry-After");
            throw unknown().thrown();
        }
    }

    private void result(RoutingContext context) {
        Duration patience =
                Parameters.of(context, Set.of("wait")).duration("wait", Duration.ZERO, maxWait);
        ExecutionId id = id(context);
        Execution known = board.find(id);
        ExecutionResult result = known == null ? null : known.result();
        if (result != null) {
            Answers.json(context, Answers.OK, HttpJson.result(result));
        } else if (patience.isZero() || (known == null && board.expected(id) == null)) {
            notYet(context, id);
        } else {
            await(context, id, patience);
        }
    }

    private void await(RoutingContext context, ExecutionId id, Duration patience) {
        ResultWait wait = board.awaitResult(id);
        long timer =
                vertx.setTimer(
                        Math.max(1, patience.toMillis()),
                        late -> {
                            wait.close();
                            notYet(context, id);
                        });
        // Comes when the answer is written, and when the client has gone away.
        context.response().endHandler(ended -> wait.close());
        context.response()
                .closeHandler(
                        gone -> {
                            vertx.cancelTimer(timer);
                            wait.close();
                        });
        wait.result()
                .onSuccess(
                        result -> {
                            if (vertx.cancelTimer(timer)) {
                                Answers.json(context, Answers.OK, HttpJson.result(result));
                            }
                        });
    }

    /** The state of this name. */
    static ExecutionState state(String name) {
        return Arrays.stream(ExecutionState.values())
                .filter(state -> state.wireName().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }

    /** The names of all states, for people. */
    static String states() {
        return Arrays.stream(ExecutionState.values())
                .map(ExecutionState::wireName)
                .toList()
                .toString();
    }
}
