package dev.longshore.docker;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HostConfig;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whether an engine holds what it was asked for, where that keeps a program apart from its host and
 * within its grant. An engine drops a limit that its kernel lacks with no more than a warning.
 * Pure.
 */
final class EffectiveCheck {
    private static final String HOST = "host";

    private EffectiveCheck() {}

    /** Each difference as a phrase: the setting, what was asked, what is held. */
    static List<String> differences(HostConfig asked, HostConfig held) {
        List<String> found = new ArrayList<>();
        Comparison compare = new Comparison(asked, held, found);
        compare.of("capDrop", host -> names(host.getCapDrop()));
        compare.of("capAdd", host -> names(host.getCapAdd()));
        compare.of("securityOpt", EffectiveCheck::securityOptions);
        compare.of("privileged", host -> flag(host.getPrivileged()));
        compare.of("networkMode", host -> text(host.getNetworkMode()));
        compare.of("pidsLimit", host -> number(host.getPidsLimit()));
        compare.of("memory", host -> number(host.getMemory()));
        if (held.getMemorySwap() != null && held.getMemorySwap() > 0) {
            // Many kernels do not count swap: without it there is nothing to hold a limit to.
            compare.of("memorySwap", host -> number(host.getMemorySwap()));
        }
        compare.of("binds", EffectiveCheck::binds);
        compare.of("mounts", host -> sorted(HostMounts.inWords(host.getMounts())));
        compare.of("readonlyRootfs", host -> flag(host.getReadonlyRootfs()));
        compare.of("ipcMode", host -> text(host.getIpcMode()));
        compare.of("pidMode", host -> text(host.getPidMode()));
        compare.of("utsMode", host -> text(host.getUtSMode()));
        compare.of("usernsMode", host -> text(host.getUsernsMode()));
        if (asked.getRuntime() != null) {
            // Else the engine writes in its own choice.
            compare.of("runtime", host -> text(host.getRuntime()));
        }
        compare.of("groupAdd", host -> sorted(host.getGroupAdd()));
        compare.of("devices", EffectiveCheck::devices);
        compare.of("deviceRequests", EffectiveCheck::deviceRequests);
        return found;
    }

    private record Comparison(HostConfig asked, HostConfig held, List<String> found) {
        void of(String setting, Function<HostConfig, String> value) {
            String wanted = value.apply(asked);
            String actual = value.apply(held);
            if (!wanted.equals(actual)) {
                found.add(setting + " is " + actual + ", not " + wanted);
            }
        }
    }

    private static String names(Capability @Nullable [] capabilities) {
        return capabilities == null
                ? "[]"
                : sorted(Arrays.stream(capabilities).map(Capability::name).toList());
    }

    private static String devices(HostConfig host) {
        Device[] devices = host.getDevices();
        return devices == null
                ? "[]"
                : sorted(
                        Arrays.stream(devices)
                                .map(
                                        device ->
                                                device.getPathOnHost()
                                                        + ":"
                                                        + device.getPathInContainer()
                                                        + ":"
                                                        + device.getcGroupPermissions())
                                .toList());
    }

    private static String deviceRequests(HostConfig host) {
        List<DeviceRequest> requests = host.getDeviceRequests();
        return requests == null
                ? "[]"
                : sorted(
                        requests.stream()
                                .map(request -> request.getDriver() + request.getDeviceIds())
                                .toList());
    }

    private static String binds(HostConfig host) {
        Bind[] binds = host.getBinds();
        return binds == null
                ? "[]"
                : sorted(Stream.of(binds).map(bind -> bind.toString()).toList());
    }

    /** An engine adds an option to a container that sees the host as it is. */
    private static String securityOptions(HostConfig host) {
        boolean unlabelled =
                Boolean.TRUE.equals(host.getPrivileged())
                        || HOST.equals(host.getIpcMode())
                        || HOST.equals(host.getPidMode());
        List<String> options = new ArrayList<>();
        if (host.getSecurityOpts() != null) {
            options.addAll(host.getSecurityOpts());
        }
        if (unlabelled) {
            options.remove("label=disable");
        }
        return sorted(options);
    }

    private static String sorted(@Nullable List<String> texts) {
        return texts == null ? "[]" : new TreeSet<>(texts).toString();
    }

    private static String flag(@Nullable Boolean value) {
        return String.valueOf(Boolean.TRUE.equals(value));
    }

    private static String text(@Nullable String value) {
        return "\"" + Objects.requireNonNullElse(value, "") + "\"";
    }

    /** The engine writes no limit as 0 or not at all. */
    private static String number(@Nullable Long value) {
        return String.valueOf(value == null ? 0 : value.longValue());
    }
}
