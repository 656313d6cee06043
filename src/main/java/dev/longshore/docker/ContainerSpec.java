package dev.longshore.docker;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Grant;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One container to be created.
 *
 * @param name its name on the engine
 * @param engine what to run in it
 * @param grant what it may use
 * @param labels every label of it, ours included
 * @param mounts what it has from outside its image; no two at the same target
 */
public record ContainerSpec(
        String name,
        EngineSpec engine,
        Grant grant,
        Map<String, String> labels,
        List<Mount> mounts) {
    /** Copies the collections; refuses nulls by name, and two mounts at one target. */
    public ContainerSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(grant, "grant");
        labels = Map.copyOf(labels);
        mounts = List.copyOf(mounts);
        if (mounts.stream().map(Mount::target).distinct().count() < mounts.size()) {
            throw new IllegalArgumentException("mounts must have different targets");
        }
    }

    /** Without mounts. */
    public ContainerSpec(String name, EngineSpec engine, Grant grant, Map<String, String> labels) {
        this(name, engine, grant, labels, List.of());
    }
}
