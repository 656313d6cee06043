package dev.longshore.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.GpuRequest;
import dev.longshore.job.Isolation;
import dev.longshore.job.Networking;
import dev.longshore.job.PortBinding;
import dev.longshore.job.Privileges;
import dev.longshore.job.Privileges.Device;
import dev.longshore.job.Privileges.HostNamespace;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;
import dev.longshore.job.Ulimit;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The canonical JSON of a start command: values normalised, defaults left out. Any thread. */
final class StartWriter {
    private StartWriter() {}

    static ObjectNode tree(ExecutionRequest request) {
        ObjectNode tree =
                spec(StartSpec.of(request)).put("executionId", request.executionId().value());
        text(tree, "expiresAt", request.expiresAt());
        return tree;
    }

    /** SHA-256 in lower-case hex over the canonical form without the execution id. */
    static String specHash(StartSpec spec) {
        try {
            byte[] canonical = Json.canonical(spec(spec));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static ObjectNode spec(StartSpec spec) {
        ObjectNode tree = Json.object().put("jobId", spec.jobId().value());
        engine(tree, spec.engine());
        if (!spec.resources().equals(Resources.DEFAULTS)) {
            tree.set("resources", resources(spec.resources()));
        }
        timeouts(tree, spec.timeouts());
        FilesWriter.files(tree, spec.files());
        FilesWriter.retry(tree, spec.retry());
        return tree;
    }

    private static void engine(ObjectNode tree, EngineSpec engine) {
        tree.put("image", engine.image());
        words(tree, "entrypoint", engine.entrypoint());
        words(tree, "command", engine.command());
        texts(tree, "environment", engine.environment());
        text(tree, "workingDirectory", engine.workingDirectory());
        text(tree, "user", engine.user());
        if (engine.pullPolicy() != PullPolicy.MISSING) {
            tree.put("pullPolicy", engine.pullPolicy().name().toLowerCase(Locale.ROOT));
        }
        texts(tree, "labels", engine.labels());
        text(tree, "stopSignal", engine.stopSignal());
        text(tree, "stopGrace", engine.stopGrace());
        text(tree, "platform", engine.platform());
        text(tree, "registryAuth", engine.registryAuth());
        isolation(tree, engine.isolation());
        networking(tree, engine.networking());
    }

    private static void timeouts(ObjectNode tree, Timeouts timeouts) {
        if (!timeouts.equals(Timeouts.DEFAULTS)) {
            ObjectNode times = tree.putObject("timeouts");
            text(times, "queue", timeouts.queue());
            text(times, "pull", timeouts.pull());
            text(times, "run", timeouts.run());
            text(times, "total", timeouts.total());
        }
    }

    private static void isolation(ObjectNode tree, Isolation isolation) {
        Isolation defaults = Isolation.DEFAULTS;
        words(tree, "capabilities", isolation.capabilities().stream().sorted().toList());
        flag(tree, "readOnlyRootfs", isolation.readOnlyRootfs(), defaults.readOnlyRootfs());
        flag(tree, "init", isolation.init(), defaults.init());
        flag(tree, "tty", isolation.tty(), defaults.tty());
        if (isolation.shmBytes() != null) {
            tree.put("shmSize", isolation.shmBytes());
        }
        if (!isolation.tmpfs().isEmpty()) {
            ObjectNode tmpfs = tree.putObject("tmpfs");
            isolation.tmpfs().forEach(tmpfs::put);
        }
        if (!isolation.ulimits().isEmpty()) {
            ObjectNode ulimits = tree.putObject("ulimits");
            isolation.ulimits().forEach((name, limit) -> ulimit(ulimits, name, limit));
        }
        privileges(tree, isolation.privileges());
    }

    private static void privileges(ObjectNode tree, Privileges privileges) {
        flag(tree, "privileged", privileges.privileged(), false);
        words(tree, "devices", privileges.devices().stream().map(StartWriter::device).toList());
        words(tree, "securityOptions", privileges.securityOptions());
        text(tree, "runtime", privileges.runtime());
        words(
                tree,
                "hostNamespaces",
                privileges.hostNamespaces().stream()
                        .map(HostNamespace::wireName)
                        .sorted()
                        .toList());
        words(tree, "groups", privileges.groups());
    }

    private static String device(Device device) {
        if (!device.permissions().equals(PrivilegesReader.EVERYTHING)) {
            return device.host() + ':' + device.container() + ':' + device.permissions();
        }
        return device.host().equals(device.container())
                ? device.host()
                : device.host() + ':' + device.container();
    }

    private static void ulimit(ObjectNode tree, String name, Ulimit limit) {
        if (limit.soft() == limit.hard()) {
            tree.put(name, limit.soft());
        } else {
            tree.putObject(name).put("soft", limit.soft()).put("hard", limit.hard());
        }
    }

    private static void networking(ObjectNode tree, Networking networking) {
        if (!networking.network().equals(Networking.NONE)) {
            tree.put("network", networking.network());
        }
        if (!networking.ports().isEmpty()) {
            ArrayNode ports = tree.putArray("ports");
            networking.ports().forEach(port -> ports.add(port(port)));
        }
        words(tree, "dns", networking.dns());
        words(tree, "extraHosts", networking.extraHosts());
    }

    private static ObjectNode port(PortBinding port) {
        ObjectNode tree = Json.object().put("container", port.containerPort());
        if (port.hostPort() != 0) {
            tree.put("host", port.hostPort());
        }
        if (port.protocol() != PortBinding.Protocol.TCP) {
            tree.put("protocol", port.protocol().name().toLowerCase(Locale.ROOT));
        }
        if (!port.hostIp().equals(NetworkingReader.LOOPBACK)) {
            tree.put("hostIp", port.hostIp());
        }
        return tree;
    }

    private static ObjectNode resources(Resources resources) {
        ObjectNode tree = Json.object();
        if (resources.cpuNanos() != null) {
            tree.put("cpu", Json.cores(resources.cpuNanos()));
        }
        if (resources.memoryBytes() != null) {
            tree.put("memory", resources.memoryBytes());
        }
        if (resources.pids() != null) {
            tree.put("pids", resources.pids());
        }
        if (resources.gpus() != null) {
            tree.set("gpus", gpus(resources.gpus()));
        }
        return tree;
    }

    private static ObjectNode gpus(GpuRequest gpus) {
        ObjectNode tree = Json.object().put("vendor", gpus.vendor().wireName());
        if (gpus.ids().isEmpty() && gpus.count() != 1) {
            tree.put("count", gpus.count());
        }
        words(tree, "ids", gpus.ids());
        text(tree, "model", gpus.model());
        if (gpus.minMemoryBytes() != null) {
            tree.put("minMemory", gpus.minMemoryBytes());
        }
        return tree;
    }

    private static void flag(ObjectNode tree, String field, boolean value, boolean otherwise) {
        if (value != otherwise) {
            tree.put(field, value);
        }
    }

    private static void text(ObjectNode tree, String field, @Nullable Object value) {
        if (value != null) {
            tree.put(field, value.toString());
        }
    }

    private static void words(ObjectNode tree, String field, List<String> words) {
        if (!words.isEmpty()) {
            ArrayNode array = tree.putArray(field);
            words.forEach(array::add);
        }
    }

    private static void texts(ObjectNode tree, String field, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            ObjectNode object = tree.putObject(field);
            texts.forEach(object::put);
        }
    }
}
