package dev.longshore.executor;

import dev.longshore.job.CrashPoint;
import dev.longshore.job.ExecutionResult;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last things done for an execution, in their order: the result goes to Kafka, then its
 * container goes, which until then is the record. Lives on the executor's context.
 */
final class Farewell {
    private static final Logger log = LoggerFactory.getLogger(Farewell.class);

    private final Berth berth;
    private final Journal journal;

    Farewell(Berth berth, Journal journal) {
        this.berth = berth;
        this.journal = journal;
    }

    /**
     * Completed when Kafka has the result; the container goes after that. Fails where the result
     * can never be published: the container, if any, is kept.
     */
    Future<Void> say(ExecutionResult result, @Nullable String containerId) {
        return journal.finish(result)
                .onSuccess(
                        berth.guard()
                                .of(
                                        told -> {
                                            CrashPoint.AFTER_RESULT.passed();
                                            if (containerId != null) {
                                                remove(containerId);
                                            }
                                        }))
                .onFailure(
                        failure ->
                                log.error(
                                        "the result of {} could not be published; its container, if"
                                                + " any, is kept: {}",
                                        result.executionId(),
                                        failure.getMessage()));
    }

    /** Removes a container of which Kafka has everything; goes on trying. */
    void remove(String containerId) {
        new Patience(berth.timers(), () -> true)
                .ask(() -> berth.docker().remove(containerId))
                .onSuccess(gone -> CrashPoint.AFTER_REMOVE.passed())
                .onFailure(
                        left ->
                                log.warn(
                                        "container {} is left over: {}",
                                        containerId,
                                        left.getMessage()));
    }
}
