package dev.longshore.docker;

import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;

import dev.longshore.job.Privileges;
import dev.longshore.job.Privileges.HostNamespace;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The rights over the host that a job asked for and its node allowed. Pure. */
final class HostRights {
    private static final String NO_NEW_PRIVILEGES = "no-new-privileges";
    private static final String NONE_NEW = NO_NEW_PRIVILEGES + ":true";
    private static final String SOME_NEW = NO_NEW_PRIVILEGES + ":false";
    private static final String HOST = "host";

    private HostRights() {}

    /**
     * Gives them all but the devices.
     *
     * @throws DockerFailure.Refused for an option that would lift {@code no-new-privileges} by
     *     another name than {@code no-new-privileges:false}
     */
    static void give(HostConfig host, Privileges privileges) {
        // An engine gives a privileged program every capability, dropped ones included.
        host.withPrivileged(privileges.privileged())
                .withSecurityOpts(securityOptions(privileges.securityOptions()));
        if (privileges.runtime() != null) {
            host.withRuntime(privileges.runtime());
        }
        Set<HostNamespace> shared = privileges.hostNamespaces();
        host.withIpcMode(shared.contains(HostNamespace.IPC) ? HOST : "private");
        if (shared.contains(HostNamespace.PID)) {
            host.withPidMode(HOST);
        }
        if (shared.contains(HostNamespace.UTS)) {
            host.withUtSMode(HOST);
        }
        if (shared.contains(HostNamespace.USER)) {
            host.withUsernsMode(HOST);
        }
    }

    /** The engine goes by the last of two that contradict each other: there is only one. */
    private static List<String> securityOptions(List<String> asked) {
        List<String> options = new ArrayList<>();
        options.add(asked.contains(SOME_NEW) ? SOME_NEW : NONE_NEW);
        for (String option : asked) {
            if (!option.startsWith(NO_NEW_PRIVILEGES)) {
                options.add(option);
            } else if (!option.equals(SOME_NEW)
                    && !option.equals(NONE_NEW)
                    && !option.equals(NO_NEW_PRIVILEGES)) {
                throw new DockerFailure.Refused(
                        DockerFailures.line(
                                "the security option "
                                        + option
                                        + " must be written "
                                        + SOME_NEW
                                        + " or left out"),
                        400);
            }
        }
        return options;
    }

    static List<Device> devices(Privileges privileges) {
        return privileges.devices().stream()
                .map(device -> new Device(device.permissions(), device.container(), device.host()))
                .toList();
    }
}
