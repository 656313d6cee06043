package dev.longshore.app.dev;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Where a Docker engine listens.
 *
 * @param host the address as Docker writes it: {@code unix:///var/run/docker.sock} or {@code
 *     tcp://127.0.0.1:2375}
 */
public record EngineAddress(String host) {
    /** Where an engine listens unless it was told otherwise. */
    public static final EngineAddress DEFAULT = new EngineAddress("unix:///var/run/docker.sock");

    private static final String UNIX = "unix://";
    private static final String TCP = "tcp://";

    /**
     * Refuses what is neither {@code unix://} with an absolute path nor {@code tcp://} with host
     * and port.
     */
    public EngineAddress {
        Objects.requireNonNull(host, "host");
        if (!host.startsWith(UNIX + "/") && !host.matches("tcp://[^/:]+:\\d{1,5}/?")) {
            throw new IllegalArgumentException(
                    "not an engine's address: '"
                            + host
                            + "'; write unix:///path/to/docker.sock or tcp://host:port");
        }
    }

    /** What {@code DOCKER_HOST} says, else the default. */
    public static EngineAddress from(Map<String, String> environment) {
        String host = environment.get("DOCKER_HOST");
        return host == null || host.isBlank() ? DEFAULT : new EngineAddress(host.strip());
    }

    /** The address of a socket file. */
    public static EngineAddress of(Path socket) {
        return new EngineAddress(UNIX + socket.toAbsolutePath());
    }

    /** The socket file, or null where the engine listens on TCP. */
    public @Nullable Path socketFile() {
        return host.startsWith(UNIX) ? Path.of(host.substring(UNIX.length())) : null;
    }

    /** What a channel connects to. */
    public SocketAddress socketAddress() {
        Path file = socketFile();
        if (file != null) {
            return UnixDomainSocketAddress.of(file);
        }
        String[] parts = host.substring(TCP.length()).replace("/", "").split(":", 2);
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }

    /** The family of a channel that can connect. */
    public StandardProtocolFamily family() {
        return socketFile() != null ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET;
    }

    @Override
    public String toString() {
        return host;
    }
}
