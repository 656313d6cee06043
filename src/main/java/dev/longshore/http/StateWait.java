package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.board.Watch;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.JobId;
import dev.longshore.wire.HttpJson;

import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * One request that waits for an execution to be in a state, or over: 200 with the execution then,
 * 202 with what is known when its patience ends. On the event loop of the connection.
 */
final class StateWait {
    private final Vertx vertx;
    private final Board board;
    private final RoutingContext context;
    private final ExecutionState awaited;
    private Watch watch = () -> {};
    private long timer = -1;
    private boolean over;

    StateWait(Vertx vertx, Board board, RoutingContext context, ExecutionState awaited) {
        this.vertx = vertx;
        this.board = board;
        this.context = context;
        this.awaited = awaited;
    }

    /** Waits; throws the 404 for an execution that nobody has heard of. */
    void begin(ExecutionId id, Duration patience) {
        if (board.find(id) == null && board.expected(id) == null && board.find(id) == null) {
            throw ExecutionRoutes.unknown().thrown();
        }
        // Comes when the client has gone away too.
        context.response().closeHandler(gone -> close());
        watch = board.watch(id, this::seen);
        seen(board.find(id));
        if (!over) {
            timer = vertx.setTimer(Math.max(1, patience.toMillis()), late -> giveUp(id));
        }
    }

    private void seen(@Nullable Execution now) {
        if (!over && now != null && isReached(now)) {
            close();
            Answers.json(context, Answers.OK, HttpJson.execution(now, false));
        }
    }

    /** The result and the final status come by different topics: the answer has both. */
    private boolean isReached(Execution now) {
        return now.state().isFinal() ? now.result() != null : now.state() == awaited;
    }

    private void giveUp(ExecutionId id) {
        if (over) {
            return;
        }
        close();
        context.response().putHeader("Retry-After", "1");
        Execution now = board.find(id);
        JobId job = board.expected(id);
        if (now != null) {
            int status = now.state().isFinal() ? Answers.OK : Answers.ACCEPTED;
            Answers.json(context, status, HttpJson.execution(now, false));
        } else if (job != null) {
            Answers.json(context, Answers.ACCEPTED, HttpJson.accepted(id, job));
        } else {
            ExecutionRoutes.unknown().write(context.response());
        }
    }

    private void close() {
        over = true;
        watch.close();
        vertx.cancelTimer(timer);
    }
}
