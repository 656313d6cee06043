package dev.longshore.executor;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.Reason;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The executions of this node: those that have not ended, and the last few that have. Lives on the
 * executor's context.
 */
final class Roster {
    /** How many that ended are kept; each may hold some 100 KiB of output. */
    private static final int REMEMBERED = 256;

    private final Known known;
    private final Map<ExecutionId, ExecutionHandler> live = new LinkedHashMap<>();
    private final Map<ExecutionId, ExecutionHandler> ended = new LinkedHashMap<>();

    Roster(Known known) {
        this.known = known;
    }

    void add(ExecutionHandler handler) {
        live.put(handler.request().executionId(), handler);
        handler.ended().onSuccess(result -> end(handler));
    }

    boolean isLive(ExecutionId id) {
        return live.containsKey(id);
    }

    /** One that has not ended, or null. */
    @Nullable ExecutionHandler live(ExecutionId id) {
        return live.get(id);
    }

    /** One that has not ended or ended lately, or null. */
    @Nullable ExecutionHandler find(ExecutionId id) {
        ExecutionHandler handler = live.get(id);
        return handler == null ? ended.get(id) : handler;
    }

    /** One that has not ended; fails with what is known of it otherwise. */
    Future<ExecutionHandler> require(ExecutionId id) {
        ExecutionHandler handler = live.get(id);
        if (handler != null) {
            return Future.succeededFuture(handler);
        }
        return Future.failedFuture(
                ended.containsKey(id)
                        ? new ExecutorFailure.AlreadyFinished(id, true)
                        : missing(id));
    }

    /** Why one that is not here is not. */
    ExecutorFailure missing(ExecutionId id) {
        Known.Life life = known.find(id);
        return life != null && life.state().isFinal()
                ? new ExecutorFailure.AlreadyFinished(id, true)
                : new ExecutorFailure.NotFound(id);
    }

    /** The newest status of each that has not ended. */
    List<StatusEvent> statuses() {
        return live.values().stream().map(ExecutionHandler::status).toList();
    }

    /** Those that have not ended. */
    List<ExecutionHandler> live() {
        return List.copyOf(live.values());
    }

    /** Those that have, or are about to have, a container. */
    List<ExecutionHandler> outOfCustody() {
        return live.values().stream().filter(handler -> !handler.isInCustody()).toList();
    }

    /**
     * Ends every program that runs here, since the node stops; completed when Kafka has their
     * results. What has no container yet is left alone: its command is in custody and will be
     * delivered again. Each gets {@code mostGrace} at most to end.
     */
    Future<Void> endAll(Duration mostGrace) {
        List<Future<?>> ends = new ArrayList<>();
        for (ExecutionHandler handler : outOfCustody()) {
            handler.stop(new StopOrder(Reason.CANCELLED, "the node stops", mostGrace));
            ends.add(handler.ended());
        }
        return ends.isEmpty() ? Future.succeededFuture() : Future.join(ends).mapEmpty();
    }

    /**
     * Lets go of everything that runs here, as it is; completed when Kafka has what was said of it.
     */
    Future<Void> detachAll() {
        return Future.join(live().stream().map(ExecutionHandler::detach).toList()).mapEmpty();
    }

    /** Completed when nothing runs here any more. */
    Future<Void> awaitAll() {
        return Future.join(outOfCustody().stream().map(ExecutionHandler::ended).toList())
                .mapEmpty();
    }

    /** Those that have a container. */
    List<ExecutionId> withContainer() {
        return outOfCustody().stream().map(handler -> handler.request().executionId()).toList();
    }

    private void end(ExecutionHandler handler) {
        ExecutionId id = handler.request().executionId();
        live.remove(id);
        known.learn(handler.status());
        ended.put(id, handler);
        if (ended.size() > REMEMBERED) {
            ended.remove(ended.keySet().iterator().next());
        }
    }
}
