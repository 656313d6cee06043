package dev.longshore.capacity;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.Grant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Executions that wait for capacity, in the order they came. Smaller ones may overtake a big one that does not fit
 * yet, but only so often: then everybody behind it waits until it had its turn, so that nobody starves. Not
 * thread-safe: owned by the executor's context.
 */
public final class WaitingLine {
    private final Ledger ledger;
    private final int maxOvertakes;
    private final Map<ExecutionId, Waiter> waiters = new LinkedHashMap<>();

    /**
     * An empty line.
     *
     * @param ledger where promises are made
     * @param maxOvertakes how often one that waits may be overtaken, at least 0
     */
    public WaitingLine(Ledger ledger, int maxOvertakes) {
        this.ledger = ledger;
        this.maxOvertakes = maxOvertakes;
    }

    /** Joins the line. */
    public void join(ExecutionId executionId, Grant wanted) {
        waiters.putIfAbsent(executionId, new Waiter(wanted));
    }

    /** Leaves the line without a promise. */
    public void leave(ExecutionId executionId) {
        waiters.remove(executionId);
    }

    /** Everybody whose turn it is now: each has left the line and holds its promise. */
    public List<ExecutionId> admit() {
        List<ExecutionId> admitted = new ArrayList<>();
        List<Waiter> passed = new ArrayList<>();
        for (Iterator<Map.Entry<ExecutionId, Waiter>> line = waiters.entrySet().iterator(); line.hasNext(); ) {
            Map.Entry<ExecutionId, Waiter> next = line.next();
            if (ledger.promise(next.getKey(), next.getValue().wanted)) {
                line.remove();
                admitted.add(next.getKey());
                passed.forEach(waiter -> waiter.overtaken++);
            } else {
                passed.add(next.getValue());
            }
            if (passed.stream().anyMatch(waiter -> waiter.overtaken >= maxOvertakes)) {
                break;
            }
        }
        return admitted;
    }

    /** How many wait. */
    public int size() {
        return waiters.size();
    }

    private static final class Waiter {
        private final Grant wanted;
        private int overtaken;

        private Waiter(Grant wanted) {
            this.wanted = wanted;
        }
    }
}
