package dev.longshore.docker;

import org.jspecify.annotations.Nullable;

/**
 * What of the engine's host decides how a GPU is handed to a container.
 *
 * @param videoGid the number of its group {@code video}, or null where it has none
 * @param renderGid the number of its group {@code render}, or null where it has none
 * @param cdi whether the engine takes devices by their CDI names
 */
record HostFacts(@Nullable Integer videoGid, @Nullable Integer renderGid, boolean cdi) {
    /** Of a host of which nothing needs to be known. */
    static final HostFacts NONE = new HostFacts(null, null, false);
}
