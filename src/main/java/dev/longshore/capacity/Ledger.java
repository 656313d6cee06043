package dev.longshore.capacity;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.GpuRequest;
import dev.longshore.job.Grant;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What is promised to whom. Never promises more than there is, no GPU to two, and no unhealthy one;
 * what an execution got comes back once, whoever asks how often. Not thread-safe: owned by the
 * executor's context.
 *
 * <p>What is wanted is always said in two parts: amounts (the GPUs of that grant are not looked
 * at), and which GPUs, null for none.
 */
public final class Ledger {
    private static final double NANOS_PER_CORE = 1e9;
    private static final long MIB = 1L << 20;
    private static final Grant NOTHING = new Grant(0, 0, 0);

    private final NodeCapacity capacity;
    private final GpuPool gpuPool;
    private final Map<ExecutionId, Grant> promised = new HashMap<>();
    private long cpuNanos;
    private long memoryBytes;
    private long pids;

    /** A ledger with nothing promised. */
    public Ledger(NodeCapacity capacity) {
        this.capacity = capacity;
        this.gpuPool = new GpuPool(capacity.total().gpus());
    }

    /** Whether the node could hold this if it held nothing else. */
    public boolean canEverHold(Grant wanted, @Nullable GpuRequest gpus) {
        return lack(wanted, gpus).isEmpty();
    }

    /**
     * Promises {@code wanted} and GPUs as asked for, if all of it is free now. An execution that
     * holds a promise already keeps it.
     *
     * @return what the execution holds now, with the very GPUs; null where something is missing
     */
    public @Nullable Grant promise(
            ExecutionId executionId, Grant wanted, @Nullable GpuRequest gpus) {
        Grant held = promised.get(executionId);
        if (held != null) {
            return held;
        }
        if (!fits(wanted) || (gpus != null && !gpuPool.missing(gpus, false).isEmpty())) {
            return null;
        }
        Grant grant = wanted.with(List.of());
        if (gpus != null) {
            var chosen = gpuPool.choose(gpus);
            if (chosen == null) {
                return null;
            }
            grant = wanted.with(chosen);
        }
        hold(executionId, grant);
        return grant;
    }

    /**
     * Counts what an execution was granted in an earlier life of the node and still uses, even if
     * that is more than there is. An execution that holds a promise already keeps it.
     */
    public void adopt(ExecutionId executionId, Grant granted) {
        if (!promised.containsKey(executionId)) {
            hold(executionId, granted);
        }
    }

    /** Takes back what the execution holds, if anything. */
    public void release(ExecutionId executionId) {
        Grant held = promised.remove(executionId);
        if (held != null) {
            add(held, -1);
            gpuPool.giveBack(held.gpus());
        }
    }

    /**
     * What is missing for {@code wanted} now, for people, such as "2 cores (1.5 free), 1 nvidia GPU
     * (0 free)"; empty where nothing is.
     */
    public String shortage(Grant wanted, @Nullable GpuRequest gpus) {
        return missing(wanted, gpus, false);
    }

    /** What is missing for {@code wanted} even on an empty node; empty where nothing is. */
    public String lack(Grant wanted, @Nullable GpuRequest gpus) {
        return missing(wanted, gpus, true);
    }

    /** All that is promised; more than the total where more than that was adopted. */
    public Grant allocated() {
        int processes = (int) Math.min(Integer.MAX_VALUE, pids);
        return new Grant(cpuNanos, memoryBytes, processes, gpuPool.inUse());
    }

    /** How many executions hold a promise. */
    public int holders() {
        return promised.size();
    }

    /** What the node has in all. */
    public NodeCapacity capacity() {
        return capacity;
    }

    /** Whether nothing can be promised to anybody until something is given back. */
    boolean isFull() {
        return promised.size() >= capacity.maxRunning();
    }

    /**
     * Whether what {@code granted} holds is of that which is missing for {@code wanted} now: with
     * cores alone, nobody stands in the way of one that misses a GPU only.
     */
    boolean isInTheWay(Grant granted, Grant wanted, @Nullable GpuRequest gpus) {
        Grant total = capacity.total();
        return isFull()
                || (granted.cpuNanos() > 0 && wanted.cpuNanos() > total.cpuNanos() - cpuNanos)
                || (granted.memoryBytes() > 0
                        && wanted.memoryBytes() > total.memoryBytes() - memoryBytes)
                || (granted.pids() > 0 && wanted.pids() > total.pids() - pids)
                || (gpus != null
                        && gpuPool.anySuits(granted.gpus(), gpus)
                        && !gpuPool.missing(gpus, false).isEmpty());
    }

    /**
     * Whether {@link #shortage} would have nothing to say, GPUs aside; without the words, since
     * everybody in the line is asked about whenever anything is given back.
     */
    private boolean fits(Grant wanted) {
        Grant total = capacity.total();
        return !isFull()
                && wanted.cpuNanos() <= total.cpuNanos() - cpuNanos
                && wanted.memoryBytes() <= total.memoryBytes() - memoryBytes
                && wanted.pids() <= total.pids() - Math.min(Integer.MAX_VALUE, pids);
    }

    private String missing(Grant wanted, @Nullable GpuRequest gpus, boolean whenEmpty) {
        Grant total = capacity.total();
        Grant used = whenEmpty ? NOTHING : allocated();
        StringJoiner missing = new StringJoiner(", ");
        if (!whenEmpty && isFull()) {
            missing.add("a slot (all " + capacity.maxRunning() + " in use)");
        }
        long cpuFree = total.cpuNanos() - used.cpuNanos();
        if (wanted.cpuNanos() > cpuFree) {
            missing.add(cores(wanted.cpuNanos()) + " cores (" + cores(cpuFree) + " free)");
        }
        long memoryFree = total.memoryBytes() - used.memoryBytes();
        if (wanted.memoryBytes() > memoryFree) {
            long free = Math.max(0, memoryFree) / MIB;
            missing.add(wanted.memoryBytes() / MIB + " MiB of memory (" + free + " free)");
        }
        long pidsFree = total.pids() - (long) used.pids();
        if (wanted.pids() > pidsFree) {
            missing.add(wanted.pids() + " processes (" + Math.max(0, pidsFree) + " free)");
        }
        String gpusMissing = gpus == null ? "" : gpuPool.missing(gpus, whenEmpty);
        if (!gpusMissing.isEmpty()) {
            missing.add(gpusMissing);
        }
        return missing.toString();
    }

    private void hold(ExecutionId executionId, Grant grant) {
        promised.put(executionId, grant);
        add(grant, 1);
        gpuPool.take(grant.gpus());
    }

    private void add(Grant grant, int sign) {
        cpuNanos += sign * grant.cpuNanos();
        memoryBytes += sign * grant.memoryBytes();
        pids += (long) sign * grant.pids();
    }

    private static String cores(long nanos) {
        double cores = Math.max(0, nanos) / NANOS_PER_CORE;
        return cores == Math.rint(cores) ? Long.toString((long) cores) : Double.toString(cores);
    }
}
