package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Rights over the host that a program may ask for and that the operator has to allow by name: each
 * of them can be the end of the isolation.
 *
 * @param privileged every right there is
 * @param devices devices of the host
 * @param securityOptions as the engine takes them, such as {@code seccomp=unconfined}
 * @param runtime the OCI runtime, or null for the engine's own choice
 * @param hostNamespaces which of the host's namespaces it shares
 * @param groups further groups, by name in the image or by number
 */
public record Privileges(
        boolean privileged,
        List<Device> devices,
        List<String> securityOptions,
        @Nullable String runtime,
        Set<HostNamespace> hostNamespaces,
        List<String> groups) {
    /** None. */
    public static final Privileges NONE =
            new Privileges(false, List.of(), List.of(), null, Set.of());

    /** Copies the collections. */
    public Privileges {
        devices = List.copyOf(devices);
        securityOptions = List.copyOf(securityOptions);
        hostNamespaces = Set.copyOf(hostNamespaces);
        groups = List.copyOf(groups);
    }

    /** Without further groups. */
    public Privileges(
            boolean privileged,
            List<Device> devices,
            List<String> securityOptions,
            @Nullable String runtime,
            Set<HostNamespace> hostNamespaces) {
        this(privileged, devices, securityOptions, runtime, hostNamespaces, List.of());
    }

    /**
     * A device.
     *
     * @param host its path on the node
     * @param container its path in the container
     * @param permissions of {@code rwm}: read, write, make
     */
    public record Device(String host, String container, String permissions) {
        /** Refuses nulls by name. */
        public Device {
            Checks.required(host, "host");
            Checks.required(container, "container");
            Checks.required(permissions, "permissions");
        }
    }

    /** A namespace of the kernel, but for the network's, which is a field of its own. */
    public enum HostNamespace {
        /** Sees every process of the host. */
        PID,
        /** Shares the host's shared memory. */
        IPC,
        /** Has the host's name. */
        UTS,
        /** Root in it is root of the host. */
        USER;

        /** The name in messages. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
