package dev.longshore.docker;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.InternetProtocol;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;

import dev.longshore.job.Gpu;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.Grant;
import dev.longshore.job.Isolation;
import dev.longshore.job.Networking;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The part of a create request that binds a container to its host: limits, rights, mounts, network
 * and GPUs. The limits hold whatever the GPUs. Pure; the same input gives the same request, byte by
 * byte.
 */
final class HostConfigs {
    private static final long SHM_BYTES = 64L << 20;
    private static final String CORE = "core";
    private static final String READ_WRITE_MKNOD = "rwm";

    private HostConfigs() {}

    /**
     * The limits, and the least rights with which a program can run that asked for these.
     *
     * @throws DockerFailure.Refused for a capability that is not known, or a security option that
     *     is not clear
     */
    static HostConfig of(ContainerSpec spec, HostFacts facts) {
        HostConfig host = limits(spec.grant());
        isolate(host, spec.engine().isolation());
        connect(host, spec.engine().networking());
        HostRights.give(host, spec.engine().isolation().privileges());
        HostMounts.mount(host, spec.mounts());
        giveDevices(host, spec, facts);
        return host;
    }

    private static HostConfig limits(Grant grant) {
        return HostConfig.newHostConfig()
                .withMemory(grant.memoryBytes())
                // The same again: no swap on top of the memory.
                .withMemorySwap(grant.memoryBytes())
                .withNanoCPUs(grant.cpuNanos())
                .withPidsLimit((long) grant.pids())
                // The container is the record of what happened: it goes only when we remove it.
                .withAutoRemove(false)
                .withRestartPolicy(RestartPolicy.noRestart())
                .withLogConfig(logConfig());
    }

    private static void isolate(HostConfig host, Isolation isolation) {
        host.withCapDrop(Capability.ALL)
                .withShmSize(Objects.requireNonNullElse(isolation.shmBytes(), SHM_BYTES))
                .withUlimits(ulimits(isolation))
                // Reaps the program's orphans and passes signals on, so that a shell script ends on
                // SIGTERM.
                .withInit(isolation.init());
        if (!isolation.capabilities().isEmpty()) {
            host.withCapAdd(
                    new TreeSet<>(isolation.capabilities())
                            .stream().map(HostConfigs::capability).toArray(Capability[]::new));
        }
        if (isolation.readOnlyRootfs()) {
            host.withReadonlyRootfs(true);
        }
        if (!isolation.tmpfs().isEmpty()) {
            Map<String, String> mounts = new TreeMap<>();
            isolation
                    .tmpfs()
                    .forEach((path, bytes) -> mounts.put(path, "rw,nosuid,nodev,size=" + bytes));
            host.withTmpFs(mounts);
        }
    }

    private static Capability capability(String name) {
        try {
            return Capability.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new DockerFailure.Refused(
                    DockerFailures.line("there is no capability " + name), 400);
        }
    }

    /** No core files, unless they are asked for: they would fill the host's disk. */
    private static List<Ulimit> ulimits(Isolation isolation) {
        List<Ulimit> limits = new ArrayList<>();
        if (!isolation.ulimits().containsKey(CORE)) {
            limits.add(new Ulimit(CORE, 0L, 0L));
        }
        new TreeMap<>(isolation.ulimits())
                .forEach((name, limit) -> limits.add(new Ulimit(name, limit.soft(), limit.hard())));
        return limits;
    }

    private static void connect(HostConfig host, Networking networking) {
        host.withNetworkMode(networking.network());
        if (!networking.ports().isEmpty()) {
            host.withPortBindings(networking.ports().stream().map(HostConfigs::bound).toList());
        }
        if (!networking.dns().isEmpty()) {
            host.withDns(networking.dns());
        }
        if (!networking.extraHosts().isEmpty()) {
            host.withExtraHosts(networking.extraHosts().toArray(String[]::new));
        }
    }

    private static PortBinding bound(dev.longshore.job.PortBinding port) {
        return new PortBinding(
                new Ports.Binding(port.hostIp(), String.valueOf(port.hostPort())), exposed(port));
    }

    /** The port as the image would expose it. */
    static ExposedPort exposed(dev.longshore.job.PortBinding port) {
        return new ExposedPort(
                port.containerPort(), InternetProtocol.valueOf(port.protocol().name()));
    }

    /**
     * Just the devices that were asked for and the GPUs that are granted, in their vendor's way;
     * without any, nothing at all is said about devices.
     */
    private static void giveDevices(HostConfig host, ContainerSpec spec, HostFacts facts) {
        List<Gpu> nvidia = of(GpuVendor.NVIDIA, spec.grant().gpus());
        List<Gpu> amd = of(GpuVendor.AMD, spec.grant().gpus());
        List<Gpu> intel = of(GpuVendor.INTEL, spec.grant().gpus());
        if (!nvidia.isEmpty()) {
            host.withDeviceRequests(List.of(facts.cdi() ? byCdi(nvidia) : byNvidiaRuntime(nvidia)));
        }
        List<Device> devices =
                new ArrayList<>(HostRights.devices(spec.engine().isolation().privileges()));
        if (!amd.isEmpty()) {
            devices.add(device("/dev/kfd"));
        }
        Stream.concat(amd.stream(), intel.stream())
                .map(HostConfigs::renderNode)
                .map(HostConfigs::device)
                .forEach(devices::add);
        if (!devices.isEmpty()) {
            host.withDevices(devices);
        }
        List<String> groups =
                groups(
                        spec.engine().isolation().privileges().groups(),
                        amd.isEmpty() ? null : facts.videoGid(),
                        amd.isEmpty() && intel.isEmpty() ? null : facts.renderGid());
        if (!groups.isEmpty()) {
            host.withGroupAdd(groups);
        }
    }

    private static List<Gpu> of(GpuVendor vendor, List<Gpu> gpus) {
        return gpus.stream().filter(gpu -> gpu.vendor() == vendor).toList();
    }

    private static DeviceRequest byNvidiaRuntime(List<Gpu> gpus) {
        return new DeviceRequest()
                .withDriver("nvidia")
                .withDeviceIds(gpus.stream().map(Gpu::id).toList())
                .withCapabilities(List.of(List.of("gpu")));
    }

    private static DeviceRequest byCdi(List<Gpu> gpus) {
        return new DeviceRequest()
                .withDriver("cdi")
                .withDeviceIds(gpus.stream().map(gpu -> "nvidia.com/gpu=" + gpu.id()).toList());
    }

    private static String renderNode(Gpu gpu) {
        String node = gpu.renderNode();
        if (node == null) {
            throw new DockerFailure.Refused(
                    DockerFailures.line("GPU " + gpu.id() + " has no render node"), 400);
        }
        return node;
    }

    private static Device device(String path) {
        return new Device(READ_WRITE_MKNOD, path, path);
    }

    /** Those that the job asked for, and after them those that its GPUs need. */
    private static List<String> groups(
            List<String> own, @Nullable Integer video, @Nullable Integer render) {
        Stream<String> gpus =
                Stream.of(video == null ? -1 : video, render == null ? -1 : render)
                        .filter(gid -> gid >= 0)
                        .map(String::valueOf);
        return Stream.concat(own.stream(), gpus).distinct().toList();
    }

    /**
     * One file that is never rotated: a rotated log loses lines under a reader. Every key is given,
     * because the engine fills in a missing one from its own settings.
     */
    private static LogConfig logConfig() {
        Map<String, String> options =
                new TreeMap<>(
                        Map.of(
                                "max-size",
                                "1t",
                                "max-file",
                                "1",
                                "compress",
                                "false",
                                "mode",
                                "blocking"));
        return new LogConfig(LogConfig.LoggingType.JSON_FILE, options);
    }
}
