package dev.longshore.job;

import org.jspecify.annotations.Nullable;

/**
 * One GPU of a node.
 *
 * @param vendor who made it
 * @param id what it is known by: the vendor's uuid, or its PCI address where it has none
 * @param model its name, such as {@code NVIDIA H200}
 * @param memoryBytes its memory, 0 where not known
 * @param pciAddress such as {@code 0000:65:00.0}, or null where not known
 * @param renderNode such as {@code /dev/dri/renderD128}, or null where it has none
 * @param healthy whether it may be given to an execution
 */
public record Gpu(
        GpuVendor vendor,
        String id,
        String model,
        long memoryBytes,
        @Nullable String pciAddress,
        @Nullable String renderNode,
        boolean healthy) {
    /** Refuses nulls by name. */
    public Gpu {
        Checks.required(vendor, "vendor");
        Checks.required(id, "id");
        Checks.required(model, "model");
        Checks.atLeast(0, memoryBytes, "memoryBytes");
    }
}
