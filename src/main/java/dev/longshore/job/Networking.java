package dev.longshore.job;

import java.util.List;

/**
 * How a program reaches others, and they it.
 *
 * @param network {@code none}, {@code bridge}, or a network that the node allows
 * @param ports reachable from the host; needs a network
 * @param dns name servers, as addresses; none for the engine's
 * @param extraHosts further lines of its hosts file, {@code name:address}
 */
public record Networking(
        String network, List<PortBinding> ports, List<String> dns, List<String> extraHosts) {
    /** The name of no network at all. */
    public static final String NONE = "none";

    /** What a program gets that asks for nothing: no network. */
    public static final Networking DEFAULTS = new Networking(NONE, List.of(), List.of(), List.of());

    /** Copies the lists. */
    public Networking {
        Checks.required(network, "network");
        ports = List.copyOf(ports);
        dns = List.copyOf(dns);
        extraHosts = List.copyOf(extraHosts);
    }
}
