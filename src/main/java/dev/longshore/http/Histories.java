package dev.longshore.http;

import dev.longshore.job.Execution;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.StatusHistory;

import io.vertx.core.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whole histories: from the board where it has all of one, else from the topic. On one context,
 * which is that of the source it is given.
 */
final class Histories {
    private static final Logger LOG = LoggerFactory.getLogger(Histories.class);

    private static final int MOST_AT_ONCE = 16;

    private final StatusHistory topic;
    private int underway;

    /**
     * A history.
     *
     * @param execution with the events that could be had
     * @param complete whether these are all
     */
    record Told(Execution execution, boolean complete) {}

    Histories(StatusHistory topic) {
        this.topic = topic;
    }

    /** As much of it as can be had. Never fails. */
    Future<Told> of(Execution known) {
        if (isWhole(known) || underway >= MOST_AT_ONCE) {
            return Future.succeededFuture(new Told(known, isWhole(known)));
        }
        underway++;
        return topic.of(known.executionId(), known.acceptedAt())
                .map(read -> together(read, known))
                .onComplete(answer -> underway--)
                .otherwise(
                        failure -> {
                            LOG.warn(
                                    "The history of {} was not read", known.executionId(), failure);
                            return new Told(known, false);
                        });
    }

    /** The board may have heard more since; what is no news does not count twice. */
    private static Told together(StatusHistory.Read read, Execution known) {
        if (read.events().isEmpty()) {
            return new Told(known, false);
        }
        Execution whole = Execution.of(read.events()).after(known.history());
        return whole.history().size() < known.history().size()
                ? new Told(known, false)
                : new Told(whole, !read.cut() && isWhole(whole));
    }

    /** Events are counted, from one. */
    private static boolean isWhole(Execution execution) {
        long next = 1;
        for (StatusEvent event : execution.history()) {
            if (event.sequence() != next) {
                return false;
            }
            next++;
        }
        return true;
    }
}
