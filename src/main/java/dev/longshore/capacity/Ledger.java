package dev.longshore.capacity;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.Grant;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What is promised to whom. Never promises more than there is; what an execution got comes back once, whoever asks
 * how often. Not thread-safe: owned by the executor's context.
 */
public final class Ledger {
    private static final double NANOS_PER_CORE = 1e9;
    private static final long MIB = 1L << 20;

    private final NodeCapacity capacity;
    private final Map<ExecutionId, Grant> promised = new HashMap<>();
    private long cpuNanos;
    private long memoryBytes;
    private long pids;

    /** A ledger with nothing promised. */
    public Ledger(NodeCapacity capacity) {
        this.capacity = capacity;
    }

    /** Whether the node could hold this if it held nothing else. */
    public boolean canEverHold(Grant wanted) {
        Grant total = capacity.total();
        return wanted.cpuNanos() <= total.cpuNanos()
                && wanted.memoryBytes() <= total.memoryBytes()
                && wanted.pids() <= total.pids();
    }

    /** Promises {@code wanted} if it is free now. An execution that holds a promise already keeps it. */
    public boolean promise(ExecutionId executionId, Grant wanted) {
        if (promised.containsKey(executionId)) {
            return true;
        }
        if (!shortage(wanted).isEmpty()) {
            return false;
        }
        promised.put(executionId, wanted);
        add(wanted, 1);
        return true;
    }

    /** Takes back what the execution holds, if anything. */
    public void release(ExecutionId executionId) {
        Grant held = promised.remove(executionId);
        if (held != null) {
            add(held, -1);
        }
    }

    /** What is missing for {@code wanted} now, for people, such as "2 cores (1.5 free)"; empty where nothing is. */
    public String shortage(Grant wanted) {
        return missing(wanted, allocated(), promised.size());
    }

    /** What is missing for {@code wanted} even on an empty node; empty where nothing is. */
    public String lack(Grant wanted) {
        return missing(wanted, new Grant(0, 0, 0), 0);
    }

    /** All that is promised. */
    public Grant allocated() {
        return new Grant(cpuNanos, memoryBytes, Math.toIntExact(pids));
    }

    /** How many executions hold a promise. */
    public int holders() {
        return promised.size();
    }

    /** What the node has in all. */
    public NodeCapacity capacity() {
        return capacity;
    }

    private String missing(Grant wanted, Grant used, int holders) {
        Grant total = capacity.total();
        StringJoiner missing = new StringJoiner(", ");
        if (holders >= capacity.maxRunning()) {
            missing.add("a slot (all " + capacity.maxRunning() + " in use)");
        }
        if (wanted.cpuNanos() > total.cpuNanos() - used.cpuNanos()) {
            missing.add(cores(wanted.cpuNanos()) + " cores (" + cores(total.cpuNanos() - used.cpuNanos()) + " free)");
        }
        if (wanted.memoryBytes() > total.memoryBytes() - used.memoryBytes()) {
            missing.add(wanted.memoryBytes() / MIB + " MiB of memory ("
                    + (total.memoryBytes() - used.memoryBytes()) / MIB + " free)");
        }
        if (wanted.pids() > total.pids() - used.pids()) {
            missing.add(wanted.pids() + " processes (" + (total.pids() - used.pids()) + " free)");
        }
        return missing.toString();
    }

    private void add(Grant grant, int sign) {
        cpuNanos += sign * grant.cpuNanos();
        memoryBytes += sign * grant.memoryBytes();
        pids += (long) sign * grant.pids();
    }

    private static String cores(long nanos) {
        double cores = nanos / NANOS_PER_CORE;
        return cores == Math.rint(cores) ? Long.toString((long) cores) : Double.toString(cores);
    }
}
