package dev.longshore.board;

import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionResult;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;
import dev.longshore.job.StatusEvent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What was said about executions and nodes, folded into one view of each. Pure state: no I/O, no
 * clock.
 *
 * <p>The methods that take events are called from one thread, the board's; those that look up may
 * be called from any: they see immutable snapshots, each the whole of what was folded into it.
 */
final class JobBoard {
    private final BoardSettings settings;
    private final Map<ExecutionId, Entry> entries = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Cursor, Entry> newestFirst =
            new ConcurrentSkipListMap<>(Comparator.reverseOrder());
    private final Map<NodeId, NodeStatus> nodes = new ConcurrentHashMap<>();

    /**
     * Places of the executions that ended: the first to be forgotten. Only the writer looks here.
     */
    private final TreeSet<Cursor> ended = new TreeSet<>();

    /**
     * Results that came before any status, since the two come by different topics. Only the writer
     * looks here.
     */
    private final Map<ExecutionId, ExecutionResult> early;

    private volatile boolean hasForgotten;

    JobBoard(BoardSettings settings) {
        this.settings = settings;
        this.early =
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(
                            Map.Entry<ExecutionId, ExecutionResult> eldest) {
                        return size() > settings.maxExecutions();
                    }
                };
    }

    /** Folds one status; returns the new view, or null where the event says nothing new. */
    @Nullable Execution status(StatusEvent event) {
        Entry old = entries.get(event.executionId());
        if (old == null) {
            Execution first = Execution.of(event);
            ExecutionResult result = early.remove(event.executionId());
            return keep(
                    new Entry(
                            new Cursor(event.time(), event.executionId()),
                            result == null ? first : first.ended(result)));
        }
        Execution next = old.execution().after(event);
        return next == old.execution() ? null : keep(new Entry(old.place(), shortened(next)));
    }

    /**
     * Folds one result; returns the new view, or null where the result says nothing new or no
     * status came yet.
     */
    @Nullable Execution result(ExecutionResult result) {
        Entry old = entries.get(result.executionId());
        if (old == null) {
            early.putIfAbsent(result.executionId(), result);
            return null;
        }
        Execution next = old.execution().ended(result);
        return next == old.execution() ? null : keep(new Entry(old.place(), next));
    }

    /** Takes what a node says about itself; an older heartbeat changes nothing. */
    void node(NodeStatus status) {
        nodes.merge(
                status.nodeId(),
                status,
                (old, now) -> now.heartbeat().isBefore(old.heartbeat()) ? old : now);
    }

    @Nullable Execution find(ExecutionId id) {
        Entry entry = entries.get(id);
        return entry == null ? null : entry.execution();
    }

    Page list(Query query) {
        Map<Cursor, Entry> range =
                query.cursor() == null ? newestFirst : newestFirst.tailMap(query.cursor(), false);
        List<Execution> found = new ArrayList<>();
        Cursor last = null;
        for (Map.Entry<Cursor, Entry> each : range.entrySet()) {
            Execution execution = each.getValue().execution();
            if (!query.matches(execution)) {
                continue;
            }
            if (found.size() == query.limit()) {
                return new Page(found, last);
            }
            found.add(execution);
            last = each.getKey();
        }
        return new Page(found, null);
    }

    /** All nodes, by id. */
    List<NodeStatus> nodes() {
        return nodes.values().stream().sorted(Comparator.comparing(NodeStatus::nodeId)).toList();
    }

    @Nullable NodeStatus node(NodeId id) {
        return nodes.get(id);
    }

    long count(NodeId node, ExecutionState state) {
        return entries.values().stream()
                .map(entry -> entry.execution().latest())
                .filter(latest -> latest.state() == state && latest.nodeId().equals(node))
                .count();
    }

    int size() {
        return entries.size();
    }

    /** Whether there may be executions that it has heard of and does not know any more. */
    boolean hasForgotten() {
        return hasForgotten;
    }

    private Execution keep(Entry entry) {
        entries.put(entry.execution().executionId(), entry);
        newestFirst.put(entry.place(), entry);
        if (entry.execution().state().isFinal()) {
            ended.add(entry.place());
        }
        forgetBeyondLimit();
        return entry.execution();
    }

    private void forgetBeyondLimit() {
        while (entries.size() > settings.maxExecutions()) {
            hasForgotten = true;
            // Where none has ended the oldest goes all the same: executions of a node that never
            // comes back stay open.
            Cursor place = ended.isEmpty() ? newestFirst.lastKey() : ended.first();
            ended.remove(place);
            newestFirst.remove(place);
            entries.remove(place.executionId());
        }
    }

    private Execution shortened(Execution execution) {
        List<StatusEvent> history = execution.history();
        if (history.size() <= settings.maxHistory()) {
            return execution;
        }
        List<StatusEvent> kept = new ArrayList<>(history);
        kept.remove(1);
        return new Execution(kept, execution.result());
    }

    /** One execution and its place in the list. */
    private record Entry(Cursor place, Execution execution) {}
}
