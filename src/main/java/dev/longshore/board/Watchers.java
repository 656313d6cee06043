package dev.longshore.board;

import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;

import io.vertx.core.Context;
import io.vertx.core.Handler;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who wants to hear of which execution. Subscribing and closing from any thread; each watcher is
 * told on its own context.
 */
final class Watchers {
    private final Map<ExecutionId, List<Watcher>> byExecution = new ConcurrentHashMap<>();
    private final List<Watcher> ofAll = new CopyOnWriteArrayList<>();

    Watch add(ExecutionId id, Context context, Handler<Execution> handler) {
        Watcher watcher = new Watcher(context, handler);
        byExecution.compute(
                id,
                (key, list) -> {
                    List<Watcher> grown = list == null ? new CopyOnWriteArrayList<>() : list;
                    grown.add(watcher);
                    return grown;
                });
        return () ->
                byExecution.computeIfPresent(
                        id,
                        (key, list) -> {
                            list.remove(watcher);
                            return list.isEmpty() ? null : list;
                        });
    }

    /** Wants to hear of every execution. */
    Watch addAll(Context context, Handler<Execution> handler) {
        Watcher watcher = new Watcher(context, handler);
        ofAll.add(watcher);
        return () -> ofAll.remove(watcher);
    }

    void tell(Execution execution) {
        ofAll.forEach(watcher -> watcher.tell(execution));
        List<Watcher> list = byExecution.get(execution.executionId());
        if (list != null) {
            list.forEach(watcher -> watcher.tell(execution));
        }
    }

    /** How many subscriptions are open. */
    int open() {
        return ofAll.size() + byExecution.values().stream().mapToInt(List::size).sum();
    }

    /** Compared by identity: the same handler may be added twice. */
    private static final class Watcher {
        private final Context context;
        private final Handler<Execution> handler;

        Watcher(Context context, Handler<Execution> handler) {
            this.context = context;
            this.handler = handler;
        }

        void tell(Execution execution) {
            context.runOnContext(v -> handler.handle(execution));
        }
    }
}
