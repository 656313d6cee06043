package dev.longshore.job;

/**
 * A port of the program that is reachable from its host.
 *
 * @param containerPort the program's own port, 1 to 65535
 * @param hostPort the port on the host, 0 for any free one
 * @param protocol the transport
 * @param hostIp the address on the host
 */
public record PortBinding(int containerPort, int hostPort, Protocol protocol, String hostIp) {
    private static final int MAX_PORT = 65_535;

    /** Refuses what is no port. */
    public PortBinding {
        Checks.atLeast(1, containerPort, "ports.container");
        Checks.atLeast(0, hostPort, "ports.host");
        if (containerPort > MAX_PORT || hostPort > MAX_PORT) {
            throw new IllegalArgumentException("a port must be at most " + MAX_PORT);
        }
        Checks.required(protocol, "ports.protocol");
        Checks.required(hostIp, "ports.hostIp");
    }

    /** A transport. Wire form: the name in lower case. */
    public enum Protocol {
        /** Streams. */
        TCP,
        /** Datagrams. */
        UDP,
        /** Streams of messages. */
        SCTP
    }
}
