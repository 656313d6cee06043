package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One execution as seen from outside: what was said about it so far. Immutable; {@link
 * #after(StatusEvent)} is the whole state machine of an observer.
 *
 * @param history the status events, oldest first, never empty
 * @param result how it ended, or null
 */
public record Execution(List<StatusEvent> history, @Nullable ExecutionResult result) {
    /** Copies the history. */
    public Execution {
        history = List.copyOf(history);
        if (history.isEmpty()) {
            throw new IllegalArgumentException("history must not be empty");
        }
    }

    /** The view that one first event gives. */
    public static Execution of(StatusEvent first) {
        return new Execution(List.of(first), null);
    }

    /** The view that these events give; there is at least one. */
    public static Execution of(List<StatusEvent> events) {
        return of(events.getFirst()).after(events.subList(1, events.size()));
    }

    /** The newest event. */
    public StatusEvent latest() {
        return history.getLast();
    }

    /** The identity. */
    public ExecutionId executionId() {
        return latest().executionId();
    }

    /** Where it stands. */
    public ExecutionState state() {
        return latest().state();
    }

    /**
     * Where the log of an attempt starts; where that is not known, where the first that is known of
     * starts: no line of the attempt stands before. Null where none is.
     */
    public @Nullable LogPosition log(int attempt) {
        for (StatusEvent event : history.reversed()) {
            if (event.attempt() == attempt && event.log() != null) {
                return event.log();
            }
        }
        return history.stream()
                .map(StatusEvent::log)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The first attempt that has a log, or the newest where none has. */
    public int firstAttempt() {
        return history.stream()
                .filter(event -> event.log() != null)
                .mapToInt(StatusEvent::attempt)
                .findFirst()
                .orElse(latest().attempt());
    }

    /** Where the log of its newest attempt that has one starts, once known. */
    public @Nullable LogPosition log() {
        for (StatusEvent event : history.reversed()) {
            if (event.log() != null) {
                return event.log();
            }
        }
        return null;
    }

    /** When a node first spoke of it. */
    public Instant acceptedAt() {
        return history.getFirst().time();
    }

    /** When its program started, or null where it did not or nobody said so. */
    public @Nullable Instant startedAt() {
        if (result != null) {
            return result.startedAt();
        }
        return history.stream()
                .filter(event -> event.state() == ExecutionState.RUNNING)
                .map(StatusEvent::time)
                .findFirst()
                .orElse(null);
    }

    /** When it ended, or null. */
    public @Nullable Instant finishedAt() {
        return result == null ? null : result.finishedAt();
    }

    /** This view after one more event; one that is no news, as a re-delivery, changes nothing. */
    public Execution after(StatusEvent event) {
        if (!event.isNewsAfter(latest())) {
            return this;
        }
        List<StatusEvent> longer = new ArrayList<>(history);
        longer.add(event);
        return new Execution(longer, result);
    }

    /** This view after more events. */
    public Execution after(List<StatusEvent> events) {
        Execution next = this;
        for (StatusEvent event : events) {
            next = next.after(event);
        }
        return next;
    }

    /** This view with its end; the first result stays. */
    public Execution ended(ExecutionResult end) {
        return result == null ? new Execution(history, end) : this;
    }
}
