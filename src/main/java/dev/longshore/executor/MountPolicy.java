package dev.longshore.executor;

import java.nio.file.Path;
import java.util.List;

/**
 * What of the node jobs may mount.
 *
 * @param readRoots directories under which a job may mount for reading
 * @param writeRoots directories under which it may also mount for writing
 * @param volumes globs over the names of volumes that it may mount
 */
public record MountPolicy(List<Path> readRoots, List<Path> writeRoots, List<String> volumes) {
    /** Nothing. */
    public static final MountPolicy NONE = new MountPolicy(List.of(), List.of(), List.of());

    /** Copies the lists. */
    public MountPolicy {
        readRoots = List.copyOf(readRoots);
        writeRoots = List.copyOf(writeRoots);
        volumes = List.copyOf(volumes);
    }
}
