package dev.longshore.executor;

import dev.longshore.job.StatusEvent;

import io.vertx.core.Future;

/**
 * Whether what this node said counts: of two nodes that speak of an execution at the same time, all
 * readers believe the one whose word stands first in the topic. On the executor's context.
 */
@FunctionalInterface
interface Echo {
    /** Where nobody else speaks: what was said counts. */
    Echo ALONE = word -> Future.succeededFuture();

    /**
     * Completed when the word was read in the topic and counts; never, where another node's was
     * before it.
     */
    Future<Void> of(StatusEvent word);
}
