package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogPosition;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.LineSink;
import dev.longshore.kafka.LineSurvey;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * An execution that an earlier life of this node, or a node that is lost, did not bring to its end.
 *
 * @param request what was asked
 * @param command where that stands, or null where it is not known
 * @param last what was said of it last, or null where nobody heard anything
 * @param askedAt when its command was written; when it was taken on, where that is not known
 * @param acceptedAt when it was taken on
 * @param attempt which attempt it is in
 * @param container the newest container that it has, or null where it has none
 * @param log where the log of that container starts, or null where it is not known
 * @param lines what of that log the topic has already
 * @param silentSince when the earlier life was last heard of
 */
record Relic(
        ExecutionRequest request,
        @Nullable CommandPosition command,
        @Nullable StatusEvent last,
        Instant askedAt,
        Instant acceptedAt,
        int attempt,
        @Nullable ContainerView container,
        @Nullable LogPosition log,
        LineSurvey.Found lines,
        Instant silentSince) {

    /** Whether its container is of the attempt that it is in, and not of the one before. */
    boolean isContained() {
        return container != null && Containers.attempt(container) == attempt;
    }

    /** Whether a program of it runs, or is about to. */
    boolean holdsCapacity() {
        return container != null
                && isContained()
                && (container.alive() || container.state() == ContainerView.State.CREATED);
    }

    /**
     * Since when the attempt has waited that it is in, where that has no container yet: at the
     * earliest since the longest pause after the announcement of it was over.
     */
    Instant waitingSince(Instant now) {
        if (last == null || attempt < 2) {
            return now;
        }
        Instant turn = last.time().plus(Backoff.after(attempt - 1, request.retry(), 1));
        return turn.isAfter(now) ? now : turn;
    }

    /**
     * Whether its attempt is one after the first that has not come to make a container: a node that
     * took it over has none of the attempt before either.
     */
    boolean isStillToCome() {
        return attempt > 1
                && last != null
                && last.attempt() == attempt
                && (last.state() == ExecutionState.ACCEPTED
                        || last.state() == ExecutionState.PULLING);
    }

    /**
     * Says that the program was found again, or, where nobody heard that it ran, that it did:
     * otherwise nobody would learn where the log of this attempt is.
     */
    void announce(Journal journal, ContainerView found, LogPosition logStart, Instant now) {
        if (found.alive()) {
            reattached(journal, found, now);
        } else if (found.startedAt() != null
                && (journal.latest() == null
                        || journal.isIn(ExecutionState.ACCEPTED)
                        || journal.isIn(ExecutionState.PULLING)
                        || journal.isIn(ExecutionState.STARTING))) {
            journal.log(logStart);
            journal.say(
                    ExecutionState.RUNNING,
                    null,
                    "it ran to its end while its node was not running");
        }
    }

    private void reattached(Journal journal, ContainerView found, Instant now) {
        ExecutionState state =
                found.state() == ContainerView.State.PAUSED
                        ? ExecutionState.PAUSED
                        : ExecutionState.RUNNING;
        StatusEvent latest = journal.latest();
        journal.say(
                journal.isIn(ExecutionState.STOPPING) ? ExecutionState.STOPPING : state,
                latest == null ? null : latest.reason(),
                "reattached: its node was not running for "
                        + Duration.between(silentSince, now).toMillis()
                        + " ms");
    }

    /** The order to end that the earlier life was carrying out, or null. */
    @Nullable StopOrder order() {
        return last != null && last.state() == ExecutionState.STOPPING && last.reason() != null
                ? new StopOrder(last.reason(), last.message())
                : null;
    }

    /** Where its log starts; asked for where an earlier life did not say. */
    Future<LogPosition> logStart(LineSink lines) {
        return log == null ? lines.position(request.executionId()) : Future.succeededFuture(log);
    }
}
