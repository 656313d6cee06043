package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.StatusHistory;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Brings back an execution that is asked for and that the board had to let go of: from the topics,
 * before anybody else looks at the request. On one context, which is that of the source it is
 * given.
 */
final class Recall {
    private static final Logger LOG = LoggerFactory.getLogger(Recall.class);

    /** Each reads a partition, one after the other. */
    private static final int MOST_AT_ONCE = 4;

    private static final int MOST_UNKNOWN = 10_000;
    private static final long UNKNOWN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Board board;
    private final StatusHistory topics;
    private final Map<ExecutionId, Future<Boolean>> underway = new HashMap<>();

    /** Looked for in vain lately, and when: what comes after that the board hears. */
    private final Map<ExecutionId, Long> unknown =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<ExecutionId, Long> eldest) {
                    return size() > MOST_UNKNOWN;
                }
            };

    Recall(Board board, StatusHistory topics) {
        this.board = board;
        this.topics = topics;
    }

    /** Goes on with the request when the board knows as much of this execution as can be known. */
    void before(RoutingContext context, String id) {
        if (!context.request().method().equals(HttpMethod.GET)
                || !ExecutionId.isValid(id)
                || isFutile(new ExecutionId(id))) {
            context.next();
            return;
        }
        ExecutionId wanted = new ExecutionId(id);
        Future<Boolean> search = underway.get(wanted);
        if (search == null) {
            if (underway.size() >= MOST_AT_ONCE) {
                throw Problem.unavailable(
                                "This node is looking for other old executions; ask again soon.")
                        .thrown();
            }
            search = search(wanted);
        }
        context.request().pause();
        search.onComplete(
                answer -> {
                    context.request().resume();
                    if (answer.succeeded() && answer.result()) {
                        context.next();
                    } else {
                        context.fail(
                                Problem.unavailable(
                                                "This execution is not known here, and the topics"
                                                    + " could not be read to their ends in time.")
                                        .thrown());
                    }
                });
    }

    private boolean isFutile(ExecutionId id) {
        Long since = unknown.get(id);
        return !board.hasForgotten()
                || board.find(id) != null
                || board.expected(id) != null
                || (since != null && System.nanoTime() - since < UNKNOWN_NANOS);
    }

    /** Answers whether all there is has been seen. */
    private Future<Boolean> search(ExecutionId id) {
        Future<Boolean> search =
                topics.find(id)
                        .map(found -> keep(id, found))
                        .onFailure(failure -> LOG.warn("{} was not looked up", id, failure));
        underway.put(id, search);
        search.onComplete(done -> underway.remove(id));
        return search;
    }

    private boolean keep(ExecutionId id, StatusHistory.Found found) {
        List<StatusEvent> said = found.statuses().events();
        if (!found.whole()) {
            return false; // what is missing may be its end
        }
        if (said.isEmpty()) {
            unknown.put(id, System.nanoTime());
        } else {
            Execution known = Execution.of(said);
            board.recall(found.result() == null ? known : known.ended(found.result()));
        }
        return true;
    }
}
