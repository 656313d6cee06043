package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/**
 * How a program is kept apart from its host.
 *
 * @param capabilities kernel capabilities it keeps, without the prefix {@code CAP_}; by default
 *     none
 * @param readOnlyRootfs whether it cannot write into its image's files
 * @param init whether a small init reaps its orphans and passes signals on
 * @param tty whether it has a terminal; its two output streams are then one
 * @param shmBytes size of {@code /dev/shm} in bytes, or null for 64 MiB
 * @param tmpfs sizes in bytes of file systems in memory, by absolute path
 * @param ulimits by the kernel's name in lower case, such as {@code nofile}
 * @param privileges rights over the host
 */
public record Isolation(
        Set<String> capabilities,
        boolean readOnlyRootfs,
        boolean init,
        boolean tty,
        @Nullable Long shmBytes,
        Map<String, Long> tmpfs,
        Map<String, Ulimit> ulimits,
        Privileges privileges) {
    /** What a program gets that asks for nothing. */
    public static final Isolation DEFAULTS =
            new Isolation(Set.of(), false, true, false, null, Map.of(), Map.of());

    /** Copies the collections. */
    public Isolation {
        capabilities = Set.copyOf(capabilities);
        tmpfs = Map.copyOf(tmpfs);
        ulimits = Map.copyOf(ulimits);
        Checks.required(privileges, "privileges");
    }

    /** Without rights over the host. */
    public Isolation(
            Set<String> capabilities,
            boolean readOnlyRootfs,
            boolean init,
            boolean tty,
            @Nullable Long shmBytes,
            Map<String, Long> tmpfs,
            Map<String, Ulimit> ulimits) {
        this(capabilities, readOnlyRootfs, init, tty, shmBytes, tmpfs, ulimits, Privileges.NONE);
    }
}
