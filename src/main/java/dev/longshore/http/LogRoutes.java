package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.board.LogTail;
import dev.longshore.board.TailRefusedException;
import dev.longshore.job.Execution;
import dev.longshore.job.LogStreamRequest;

import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The log of an execution, as a websocket, as Server-Sent Events, as NDJSON or as text. On the
 * event loop of the connection. What is wrong is said before the upgrade, by HTTP.
 */
final class LogRoutes {
    private static final int NO_CONTENT = 204;

    private final Vertx vertx;
    private final Board board;
    private final HttpSettings settings;
    private final OpenStreams streams;
    private final Set<TailWriter> open = new HashSet<>();

    LogRoutes(Vertx vertx, Board board, HttpSettings settings, OpenStreams streams) {
        this.streams = streams;
        this.vertx = vertx;
        this.board = board;
        this.settings = settings;
    }

    void mount(Router router) {
        router.get("/api/v1/executions/:id/logs").handler(this::logs);
    }

    /** Sends every reader away: this node stops. */
    void stop() {
        List.copyOf(open).forEach(TailWriter::goAway);
    }

    private void logs(RoutingContext context) {
        LogQuery query = LogQuery.of(context);
        if (query.ended()) {
            // The one answer at which a browser stops connecting again.
            context.response().setStatusCode(NO_CONTENT).end();
            return;
        }
        requireAttempt(query.stream());
        Pumping pumping = new Pumping(streams.admit(context));
        LogTail tail = open(query, pumping);
        if (query.socket()) {
            context.request()
                    .toWebSocket()
                    .onSuccess(socket -> toSocket(socket, tail, query, pumping))
                    .onFailure(
                            failure -> {
                                tail.close();
                                pumping.leave.run();
                            });
        } else {
            toResponse(context, tail, query, pumping);
        }
    }

    /** An attempt that is still to come can be waited for; one that never came cannot be read. */
    private void requireAttempt(LogStreamRequest request) {
        Execution known = board.find(request.executionId());
        int had = known == null ? Integer.MAX_VALUE : known.latest().attempt();
        if (known != null
                && request.scope().attempt() > had
                && (!request.follow() || known.state().isFinal())) {
            throw Problem.notFound(
                            "This execution has had "
                                    + had
                                    + (had == 1 ? " attempt." : " attempts."))
                    .thrown();
        }
    }

    private LogTail open(LogQuery query, Pumping pumping) {
        try {
            return board.tail(query.stream(), v -> pumping.pump());
        } catch (TailRefusedException refused) {
            pumping.leave.run();
            throw switch (refused.why()) {
                case UNKNOWN_EXECUTION -> ExecutionRoutes.unknown().thrown();
                case TOO_MANY_READERS -> Problem.tooMany(refused.explanation()).thrown();
                case NOT_RUNNING -> Problem.unavailable(refused.explanation()).thrown();
            };
        }
    }

    private void toSocket(ServerWebSocket socket, LogTail tail, LogQuery query, Pumping pumping) {
        SocketOutput output = new SocketOutput(socket);
        TailWriter writer = begin(tail, output, query, pumping);
        socket.drainHandler(v -> writer.pump());
        socket.closeHandler(v -> writer.close());
        socket.exceptionHandler(
                failure -> {
                    writer.close();
                    output.failed(failure);
                });
        writer.start(settings);
    }

    private void toResponse(RoutingContext context, LogTail tail, LogQuery query, Pumping pumping) {
        TailWriter writer =
                begin(tail, new ResponseOutput(context.response(), query.form()), query, pumping);
        context.response().drainHandler(v -> writer.pump());
        context.response().closeHandler(v -> writer.close());
        context.response().exceptionHandler(failure -> writer.close());
        writer.start(settings);
    }

    private TailWriter begin(LogTail tail, TailOutput output, LogQuery query, Pumping pumping) {
        TailEncoder encoder = new TailEncoder(query.form(), query.timestamps());
        TailWriter[] self = new TailWriter[1];
        TailWriter writer =
                new TailWriter(
                        vertx,
                        tail,
                        output,
                        encoder,
                        () -> {
                            pumping.leave.run();
                            open.remove(self[0]);
                        });
        self[0] = writer;
        open.add(writer);
        pumping.writer = writer;
        return writer;
    }

    /**
     * The tail is opened before there is a socket to write to, so that its refusal can be an HTTP
     * answer.
     */
    private static final class Pumping {
        private final Runnable leave;
        private @Nullable TailWriter writer;

        Pumping(Runnable leave) {
            this.leave = leave;
        }

        void pump() {
            if (writer != null) {
                writer.pump();
            }
        }
    }
}
