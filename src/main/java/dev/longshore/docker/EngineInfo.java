package dev.longshore.docker;

import java.util.Objects;

/**
 * A Docker engine: what it is and what its host has.
 *
 * @param name its host's name
 * @param version its version
 * @param api the API version that we speak with it
 * @param cores logical cores of its host
 * @param memoryBytes memory of its host
 * @param cgroupVersion {@code 1} or {@code 2}
 * @param cdi whether it takes devices by their CDI names
 * @param rootDirectory where on its host it keeps images, containers and volumes; empty where it
 *     does not say
 */
public record EngineInfo(
        String name,
        String version,
        String api,
        int cores,
        long memoryBytes,
        String cgroupVersion,
        boolean cdi,
        String rootDirectory) {
    /** Refuses nulls by name. */
    public EngineInfo {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(api, "api");
        Objects.requireNonNull(cgroupVersion, "cgroupVersion");
        Objects.requireNonNull(rootDirectory, "rootDirectory");
    }

    /** Of an engine that does not say where it keeps things. */
    public EngineInfo(
            String name,
            String version,
            String api,
            int cores,
            long memoryBytes,
            String cgroupVersion,
            boolean cdi) {
        this(name, version, api, cores, memoryBytes, cgroupVersion, cdi, "");
    }

    /** Of an engine without CDI. */
    public EngineInfo(
            String name,
            String version,
            String api,
            int cores,
            long memoryBytes,
            String cgroupVersion) {
        this(name, version, api, cores, memoryBytes, cgroupVersion, false);
    }
}
