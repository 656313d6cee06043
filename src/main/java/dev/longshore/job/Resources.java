package dev.longshore.job;

import org.jspecify.annotations.Nullable;

/**
 * What an execution asks of its node; null means the node's default.
 *
 * @param cpuNanos billionths of a core, at least 10,000,000 (0.01 core)
 * @param memoryBytes hard limit in bytes, at least 6 MiB (the engine's own minimum)
 * @param pids most processes and threads, at least 1
 * @param gpus which GPUs; null for none
 */
public record Resources(
        @Nullable Long cpuNanos,
        @Nullable Long memoryBytes,
        @Nullable Integer pids,
        @Nullable GpuRequest gpus) {
    /** One core in the unit of {@link #cpuNanos()}. */
    public static final long NANOS_PER_CORE = 1_000_000_000L;

    /** The least memory that the engine accepts for a container. */
    public static final long LEAST_MEMORY_BYTES = 6L << 20;

    /** The least share of a core that can be asked for. */
    public static final long LEAST_CPU_NANOS = NANOS_PER_CORE / 100;

    /** Nothing asked for: all defaults. */
    public static final Resources DEFAULTS = new Resources(null, null, null, null);

    /** Checks the lower bounds; the node checks the upper ones. */
    public Resources {
        if (cpuNanos != null) {
            Checks.atLeast(LEAST_CPU_NANOS, cpuNanos, "resources.cpu (billionths of a core)");
        }
        if (memoryBytes != null) {
            Checks.atLeast(LEAST_MEMORY_BYTES, memoryBytes, "resources.memory (bytes)");
        }
        if (pids != null) {
            Checks.atLeast(1, pids, "resources.pids");
        }
    }

    /** Without GPUs. */
    public Resources(@Nullable Long cpuNanos, @Nullable Long memoryBytes, @Nullable Integer pids) {
        this(cpuNanos, memoryBytes, pids, null);
    }

    /**
     * What will be granted, GPUs left out: every field that was left open is taken from {@code
     * defaults}.
     */
    public Grant orElse(Grant defaults) {
        return new Grant(
                cpuNanos == null ? defaults.cpuNanos() : cpuNanos,
                memoryBytes == null ? defaults.memoryBytes() : memoryBytes,
                pids == null ? defaults.pids() : pids);
    }
}
