package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Which GPUs an execution asks for; each is its own while it runs.
 *
 * @param vendor who made them
 * @param count how many, at least 1; the number of {@code ids} where those are given
 * @param ids just these, by the node's ids; empty for any
 * @param model only of a model whose name contains this, ignoring case, or null
 * @param minMemoryBytes only with at least this much memory, or null
 */
public record GpuRequest(
        GpuVendor vendor,
        int count,
        List<String> ids,
        @Nullable String model,
        @Nullable Long minMemoryBytes) {
    /** Refuses no GPU at all, and a count that contradicts the ids. */
    public GpuRequest {
        Checks.required(vendor, "resources.gpus.vendor");
        Checks.atLeast(1, count, "resources.gpus.count");
        ids = List.copyOf(ids);
        if (!ids.isEmpty() && ids.size() != count) {
            throw new IllegalArgumentException(
                    "resources.gpus.count must be the number of ids, or be left out");
        }
    }
}
