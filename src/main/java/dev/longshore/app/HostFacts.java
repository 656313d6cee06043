package dev.longshore.app;

import dev.longshore.docker.HostBoot;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** What the machine and the build say of themselves. Blocks for a moment; not for an event loop. */
final class HostFacts {
    private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Path LINUX_STAT = Path.of("/proc/stat");
    private static final int LONGEST_ID = 64;
    private static final Logger LOG = LoggerFactory.getLogger(HostFacts.class);

    private HostFacts() {}

    /** The host's name made into a node id: what an id cannot hold becomes a hyphen. */
    static String nodeId(Map<String, String> environment) {
        return asNodeId(hostName(environment));
    }

    static String asNodeId(String hostName) {
        String id = hostName.replaceAll("[^A-Za-z0-9_-]", "-").replaceAll("^[_-]+|[_-]+$", "");
        return id.isEmpty() ? "node" : id.substring(0, Math.min(id.length(), LONGEST_ID));
    }

    /** The version in the jar's manifest, or {@code dev} where the classes are in no jar. */
    static String version() {
        String version = HostFacts.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /** When the engine's host was started, null where that is another host or does not say. */
    static @Nullable Instant bootedAt(URI engine) {
        try {
            return "unix".equals(engine.getScheme()) ? HostBoot.read(LINUX_STAT) : null;
        } catch (IOException e) {
            LOG.warn("it is not known when this host was started: {}", e.getMessage());
            return null;
        }
    }

    /** Asks the kernel first: Java's own way looks the name up in DNS, which can take seconds. */
    private static String hostName(Map<String, String> environment) {
        try {
            return Files.readString(LINUX_HOST_NAME).strip();
        } catch (IOException notLinux) {
            String name = environment.get("HOSTNAME");
            return name != null && !name.isBlank() ? name.strip() : lookedUp();
        }
    }

    private static String lookedUp() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "";
        }
    }
}
