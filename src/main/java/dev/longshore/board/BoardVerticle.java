package dev.longshore.board;

import dev.longshore.job.ExecutionResult;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.EventSource;
import dev.longshore.kafka.KafkaClients;
import dev.longshore.kafka.LineSource;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link Board} up to date: owns the readers of events and log lines, and its context is
 * the board's only writer. Deployed once per process; deployment succeeds when reading has begun,
 * {@link Board#caughtUp()} tells when everything said before has been read.
 */
public final class BoardVerticle extends VerticleBase {
    private final Board board;
    private final KafkaClients kafka;
    private @Nullable EventSource events;
    private @Nullable LineSource lines;

    /**
     * @param board the board to keep, shared with those who read it
     * @param kafka makes what reads the topics
     */
    public BoardVerticle(Board board, KafkaClients kafka) {
        this.board = board;
        this.kafka = kafka;
    }

    @Override
    public Future<?> start() {
        EventSource eventSource = kafka.eventSource(context);
        LineSource lineSource = kafka.lineSource(context);
        events = eventSource;
        lines = lineSource;
        board.open(context, new TopicLogFeed(vertx, lineSource));
        return eventSource
                .start(new Folding(board))
                .onSuccess(v -> eventSource.caughtUp().onSuccess(w -> board.setCaughtUp()));
    }

    @Override
    public Future<?> stop() {
        board.close();
        Future<Void> eventsClosed = events == null ? Future.succeededFuture() : events.close();
        Future<Void> linesClosed = lines == null ? Future.succeededFuture() : lines.close();
        return Future.join(eventsClosed, linesClosed);
    }

    /** Puts every event on the board. */
    private record Folding(Board board) implements EventSource.Listener {
        @Override
        public void status(StatusEvent event) {
            board.status(event);
        }

        @Override
        public void result(ExecutionResult result) {
            board.result(result);
        }

        @Override
        public void node(NodeStatus status) {
            board.node(status);
        }
    }
}
