package dev.longshore.executor;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.JobCommand;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Cancels that came before the start they mean, or whose execution is another node's: remembered
 * for an hour, so that the start ends as soon as it comes, and what a lost node left is not begun
 * again. Bounded; lives on the executor's context.
 */
final class Cancellations {
    private static final Duration MEMORY = Duration.ofHours(1);
    private static final int MOST = 100_000;

    private final Timers timers;
    private final Map<ExecutionId, Remembered> byExecution = new LinkedHashMap<>();

    Cancellations(Timers timers) {
        this.timers = timers;
    }

    private record Remembered(JobCommand.Cancel cancel, Instant until) {}

    /** Remembers a cancel that was written at this time. */
    void remember(JobCommand.Cancel cancel, Instant writtenAt) {
        byExecution.remove(cancel.executionId());
        byExecution.put(cancel.executionId(), new Remembered(cancel, writtenAt.plus(MEMORY)));
        forgetOld();
    }

    /** The cancel meant for this execution, which is forgotten with this, or null. */
    JobCommand.@Nullable Cancel take(ExecutionId executionId) {
        Remembered remembered = byExecution.remove(executionId);
        return remembered == null || remembered.until.isBefore(timers.now())
                ? null
                : remembered.cancel;
    }

    /** Whether one is remembered for this execution. */
    boolean has(ExecutionId executionId) {
        Remembered remembered = byExecution.get(executionId);
        return remembered != null && !remembered.until.isBefore(timers.now());
    }

    private void forgetOld() {
        Instant now = timers.now();
        Iterator<Remembered> oldest = byExecution.values().iterator();
        while (oldest.hasNext()) {
            boolean expired = oldest.next().until.isBefore(now);
            if (!expired && byExecution.size() <= MOST) {
                return;
            }
            oldest.remove();
        }
    }
}
