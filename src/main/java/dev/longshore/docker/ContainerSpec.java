package dev.longshore.docker;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Grant;
import java.util.Map;
import java.util.Objects;

/**
 * One container to be created.
 *
 * @param name its name on the engine
 * @param engine what to run in it
 * @param grant what it may use
 * @param labels every label of it, ours included
 */
public record ContainerSpec(String name, EngineSpec engine, Grant grant, Map<String, String> labels) {
    /** Copies the labels; refuses nulls by name. */
    public ContainerSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(grant, "grant");
        labels = Map.copyOf(labels);
    }
}
