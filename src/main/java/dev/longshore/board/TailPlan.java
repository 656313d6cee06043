package dev.longshore.board;

import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.LogPosition;
import dev.longshore.job.LogStreamRequest;

import org.jspecify.annotations.Nullable;

/**
 * Where one reader begins and when nothing more can come for it, given what is known of the
 * execution. Pure.
 *
 * @param request what the reader wants
 */
record TailPlan(LogStreamRequest request) {
    /** Whether the last lines have to be counted first, which tells the attempt to begin with. */
    boolean surveys() {
        return request.tail() != 0 && request.tail() != LogStreamRequest.ALL;
    }

    /** The first attempt that the reader is interested in, as far as is known. */
    int firstAttempt(Execution now) {
        LogStreamRequest.Scope scope = request.scope();
        if (scope.attempt() > 0) {
            return scope.attempt();
        }
        if (request.after() >= 0) {
            return scope.afterAttempt() > 0 ? scope.afterAttempt() : now.latest().attempt();
        }
        return request.tail() == 0 ? now.latest().attempt() : now.firstAttempt();
    }

    /** Where to begin to read: nothing that is wanted stands before; null where there is no log. */
    @Nullable LogPosition startOf(Execution now) {
        ExecutionResult result = now.result();
        LogPosition position = now.log(firstAttempt(now));
        if (position == null && result != null && result.log().firstOffset() >= 0) {
            return new LogPosition(
                    result.log().topic(), result.log().partition(), result.log().firstOffset());
        }
        return position;
    }

    /** Whether nothing can come any more of what is wanted. */
    boolean isOver(Execution now) {
        return now.state().isFinal() || isFollowed(now);
    }

    /** Whether another attempt came after the only one that is wanted. */
    boolean isFollowed(Execution now) {
        int only = request.scope().attempt();
        return only > 0 && now.latest().attempt() > only;
    }
}
