package dev.longshore.executor;

import dev.longshore.job.Privileges.HostNamespace;

import java.util.Set;

/**
 * Which rights over the host jobs may ask for.
 *
 * @param privileged whether every right at once
 * @param devices which devices, by their path on the node
 * @param securityOptions which options, as the engine takes them
 * @param runtimes which OCI runtimes
 * @param hostNamespaces which namespaces
 */
public record PrivilegePolicy(
        boolean privileged,
        Set<String> devices,
        Set<String> securityOptions,
        Set<String> runtimes,
        Set<HostNamespace> hostNamespaces) {
    /** None. */
    public static final PrivilegePolicy NONE =
            new PrivilegePolicy(false, Set.of(), Set.of(), Set.of(), Set.of());

    /** Copies the sets. */
    public PrivilegePolicy {
        devices = Set.copyOf(devices);
        securityOptions = Set.copyOf(securityOptions);
        runtimes = Set.copyOf(runtimes);
        hostNamespaces = Set.copyOf(hostNamespaces);
    }
}
