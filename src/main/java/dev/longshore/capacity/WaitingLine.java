package dev.longshore.capacity;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.GpuRequest;
import dev.longshore.job.Grant;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Executions that wait for capacity, in the order they came. Others may overtake one that does not
 * fit yet, but only so often with something that it is short of: from then on, nobody behind it may
 * take of that until it had its turn, so that nobody starves. Who takes nothing that it is short of
 * may always pass: a node whose GPUs are busy goes on running what needs none. Not thread-safe:
 * owned by the executor's context.
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

    /**
     * Joins the line; who is in it keeps its place.
     *
     * @param wanted amounts
     * @param gpus which GPUs; null for none
     */
    public void join(ExecutionId executionId, Grant wanted, @Nullable GpuRequest gpus) {
        waiters.putIfAbsent(executionId, new Waiter(wanted, gpus));
    }

    /** Leaves the line without a promise. */
    public void leave(ExecutionId executionId) {
        waiters.remove(executionId);
    }

    /**
     * Everybody whose turn it is now, in order, with what it holds: each has left the line and
     * holds its promise.
     */
    public Map<ExecutionId, Grant> admit() {
        Map<ExecutionId, Grant> admitted = new LinkedHashMap<>();
        List<Waiter> passed = new ArrayList<>();
        for (Iterator<Map.Entry<ExecutionId, Waiter>> line = waiters.entrySet().iterator();
                line.hasNext() && !ledger.isFull(); ) {
            Map.Entry<ExecutionId, Waiter> next = line.next();
            Waiter waiter = next.getValue();
            Grant grant = ledger.promise(next.getKey(), waiter.wanted, waiter.gpus);
            if (grant != null && mayOvertake(grant, passed)) {
                line.remove();
                admitted.put(next.getKey(), grant);
            } else {
                if (grant != null) {
                    ledger.release(next.getKey());
                }
                passed.add(waiter);
            }
        }
        return admitted;
    }

    /** How many wait. */
    public int size() {
        return waiters.size();
    }

    /** Counts the overtaking where it is allowed; {@code grant} is promised already. */
    private boolean mayOvertake(Grant grant, List<Waiter> passed) {
        List<Waiter> delayed =
                passed.stream()
                        .filter(waiter -> ledger.isInTheWay(grant, waiter.wanted, waiter.gpus))
                        .toList();
        if (delayed.stream().anyMatch(waiter -> waiter.overtaken >= maxOvertakes)) {
            return false;
        }
        delayed.forEach(waiter -> waiter.overtaken++);
        return true;
    }

    private static final class Waiter {
        private final Grant wanted;
        private final @Nullable GpuRequest gpus;
        private int overtaken;

        private Waiter(Grant wanted, @Nullable GpuRequest gpus) {
            this.wanted = wanted;
            this.gpus = gpus;
        }
    }
}
