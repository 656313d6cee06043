package dev.longshore.executor;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.NodeId;
import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.HashMap;
import java.util.Map;

/** Hears this node's words by the topic. Lives on the executor's context. */
final class OwnWords implements Echo {
    private final NodeId here;
    private final Known known;
    private final Map<ExecutionId, Awaited> awaited = new HashMap<>();

    private record Awaited(long sequence, Promise<Void> heard) {}

    OwnWords(NodeId here, Known known) {
        this.here = here;
        this.known = known;
    }

    @Override
    public Future<Void> of(StatusEvent word) {
        ExecutionId id = word.executionId();
        if (counts(id, word.sequence())) {
            return Future.succeededFuture();
        }
        Awaited next = new Awaited(word.sequence(), Promise.promise());
        awaited.put(id, next);
        return next.heard().future();
    }

    /** Hears of an execution, once it is {@link Known}. */
    void learned(StatusEvent event) {
        ExecutionId id = event.executionId();
        Awaited waiting = awaited.get(id);
        if (waiting != null && counts(id, waiting.sequence())) {
            awaited.remove(id);
            waiting.heard().complete();
        } else if (event.state().isFinal()) {
            awaited.remove(id);
        }
    }

    private boolean counts(ExecutionId id, long sequence) {
        Known.Life life = known.find(id);
        return life != null && life.nodeId().equals(here) && life.sequence() >= sequence;
    }
}
