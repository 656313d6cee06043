package dev.longshore.kafka;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps what it is told. Acknowledges at once, or, between {@link #hold} and {@link #release}, when
 * told to: then nothing is written before the release, as with a broker that is away.
 */
public final class RecordingEventSink implements EventSink {
    private final List<StatusEvent> statuses = new CopyOnWriteArrayList<>();
    private final List<Finale> finales = new CopyOnWriteArrayList<>();
    private final List<NodeStatus> nodes = new CopyOnWriteArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;
    private boolean closed;

    /** Every status in the order of the calls, final ones included. */
    public List<StatusEvent> statuses() {
        return List.copyOf(statuses);
    }

    /** The states that were told of one execution. */
    public List<ExecutionState> states(ExecutionId executionId) {
        return statuses.stream()
                .filter(event -> event.executionId().equals(executionId))
                .map(StatusEvent::state)
                .toList();
    }

    /** Every finale in the order of the calls. */
    public List<Finale> finales() {
        return List.copyOf(finales);
    }

    /** Every node event in the order of the calls. */
    public List<NodeStatus> nodes() {
        return List.copyOf(nodes);
    }

    /** From now on nothing is written or acknowledged. */
    public synchronized void hold() {
        holding = true;
    }

    /** Writes and acknowledges what was held, in order, and goes on as before. */
    public void release() {
        List<Runnable> waiting;
        synchronized (this) {
            holding = false;
            waiting = List.copyOf(held);
            held.clear();
        }
        waiting.forEach(Runnable::run);
    }

    @Override
    public Future<Void> status(StatusEvent event, @Nullable String traceparent) {
        return write(() -> statuses.add(event));
    }

    @Override
    public Future<Void> finish(Finale finale) {
        return write(
                () -> {
                    statuses.add(finale.status());
                    finales.add(finale);
                });
    }

    @Override
    public Future<Void> node(NodeStatus status) {
        return write(() -> nodes.add(status));
    }

    @Override
    public Future<Void> opened() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> ended() {
        return Promise.<Void>promise().future();
    }

    @Override
    public synchronized Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }

    private Future<Void> write(Runnable record) {
        Promise<Void> written = Promise.promise();
        synchronized (this) {
            if (closed) {
                return Future.failedFuture(new IllegalStateException("closed"));
            }
            if (holding) {
                held.add(
                        () -> {
                            record.run();
                            written.complete();
                        });
                return written.future();
            }
        }
        record.run();
        written.complete();
        return written.future();
    }
}
