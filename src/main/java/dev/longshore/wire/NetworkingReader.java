package dev.longshore.wire;

import dev.longshore.job.Networking;
import dev.longshore.job.PortBinding;
import dev.longshore.job.PortBinding.Protocol;
import dev.longshore.job.RefusalCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The fields of a start command that say how its program reaches others; a broken rule is a {@link
 * RefusedException}. Any thread.
 */
final class NetworkingReader {
    /** Where a port is reachable, unless it is said: on the node itself only. */
    static final String LOOPBACK = "127.0.0.1";

    /** Before the name of a container whose network is shared. */
    private static final String CONTAINER = "container:";

    private static final String HOSTS_OWN = "host";

    /** The engine's rule for the names of networks. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    private static final Pattern HOST =
            Pattern.compile(
                    "[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(?:\\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*");
    private static final int MOST_HOST = 253;
    private static final String GATEWAY = "host-gateway";

    private NetworkingReader() {}

    static Networking read(Given body) {
        String network = network(body.field("network"));
        Given ports = body.field("ports");
        boolean own =
                !network.equals(Networking.NONE)
                        && !network.equals(HOSTS_OWN)
                        && !network.startsWith(CONTAINER);
        if (!own && !ports.items().isEmpty()) {
            throw ports.refused("a port needs a network of its own such as \"bridge\"");
        }
        return new Networking(
                network,
                ports(ports),
                body.field("dns").items().stream().map(NetworkingReader::address).toList(),
                body.field("extraHosts").items().stream().map(NetworkingReader::host).toList());
    }

    /** Whether the program may share one that is not its own is for the node's policy to say. */
    private static String network(Given given) {
        String name = given.text();
        if (name == null) {
            return Networking.NONE;
        }
        String bare = name.startsWith(CONTAINER) ? name.substring(CONTAINER.length()) : name;
        if (!NAME.matcher(bare).matches()) {
            throw given.refused(Quote.of(name) + " is not the name of a network");
        }
        return name;
    }

    private static List<PortBinding> ports(Given given) {
        List<PortBinding> ports = new ArrayList<>();
        for (Given item : given.items()) {
            PortBinding port = port(item);
            if (ports.stream().anyMatch(other -> collide(port, other))) {
                throw item.refused("the same port twice");
            }
            ports.add(port);
        }
        return ports;
    }

    private static PortBinding port(Given given) {
        Integer container = given.field("container").count();
        Integer host = given.field("host").count();
        String protocol = given.field("protocol").text();
        Given hostIp = given.field("hostIp");
        return new PortBinding(
                container == null ? 0 : container,
                host == null ? 0 : host,
                protocol == null
                        ? Protocol.TCP
                        : Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)),
                hostIp.isAbsent() ? LOOPBACK : address(hostIp));
    }

    /** Whether the host could not offer both; any free ones are never the same. */
    private static boolean collide(PortBinding one, PortBinding other) {
        return one.equals(other)
                || one.hostPort() != 0
                        && one.hostPort() == other.hostPort()
                        && one.protocol() == other.protocol()
                        && one.hostIp().equals(other.hostIp());
    }

    private static String address(Given given) {
        String address = Addresses.canonical(given.node().asText());
        if (address == null) {
            throw given.refused(
                    Quote.of(given.node().asText())
                            + " is not an address such as 127.0.0.1 or ::1");
        }
        return address;
    }

    private static String host(Given given) {
        String line = given.node().asText();
        int colon = line.indexOf(':');
        String name = line.substring(0, Math.max(0, colon));
        String target = line.substring(colon + 1);
        if (target.equalsIgnoreCase(GATEWAY)) {
            throw notPermitted(given, GATEWAY + " is not permitted: it is the node's own address");
        }
        String address = Addresses.canonical(target);
        if (address == null || name.length() > MOST_HOST || !HOST.matcher(name).matches()) {
            throw given.refused(
                    Quote.of(line) + " is not name:address, such as \"db.example:10.0.0.7\"");
        }
        return name + ':' + address;
    }

    private static RefusedException notPermitted(Given given, String message) {
        return new RefusedException(RefusalCode.NOT_PERMITTED, given.pointer(), message);
    }
}
