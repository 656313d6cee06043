package dev.longshore.wire;

import dev.longshore.job.Privileges;
import dev.longshore.job.Privileges.Device;
import dev.longshore.job.Privileges.HostNamespace;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The fields of a start command that ask for rights over the host. Whether the node grants them is
 * its policy's business; here only their form is checked. A broken rule is a {@link
 * RefusedException}. Any thread.
 */
final class PrivilegesReader {
    /** What may be done with a device that says nothing of it. */
    static final String EVERYTHING = "rwm";

    private static final Pattern RUNTIME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
    private static final Pattern GROUP_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,63}");
    private static final Pattern GROUP_NUMBER = Pattern.compile("0|[1-9][0-9]{0,9}");
    private static final long MOST_GROUP = Integer.MAX_VALUE;
    private static final String DEVICES = "/dev/";
    private static final int MOST_PARTS = 3;

    private PrivilegesReader() {}

    static Privileges read(Given body) {
        return new Privileges(
                body.field("privileged").flag(false),
                devices(body.field("devices")),
                options(body.field("securityOptions")),
                body.field("runtime").matching(RUNTIME, "the name of a runtime"),
                namespaces(body.field("hostNamespaces")),
                groups(body.field("groups")));
    }

    /** A number has one form, so that a policy can go by it. */
    private static List<String> groups(Given given) {
        Set<String> groups = new LinkedHashSet<>();
        for (Given item : given.items()) {
            String group = item.node().asText();
            boolean number = GROUP_NUMBER.matcher(group).matches();
            if (number
                    ? Long.parseLong(group) > MOST_GROUP
                    : !GROUP_NAME.matcher(group).matches()) {
                throw item.refused(
                        Quote.of(group)
                                + " is not a group: a name, or a number from 0 to 2147483647"
                                + " without zeros before it");
            }
            if (!groups.add(group)) {
                throw item.refused("the same group twice");
            }
        }
        return List.copyOf(groups);
    }

    private static List<Device> devices(Given given) {
        List<Device> devices = new ArrayList<>();
        Set<String> places = new HashSet<>();
        for (Given item : given.items()) {
            Device device = device(item.node().asText());
            if (device == null) {
                throw item.refused(
                        Quote.of(item.node().asText())
                                + " is not a device such as \"/dev/fuse\", \"/dev/sda:/dev/disk\""
                                + " or \"/dev/sda:/dev/disk:r\"");
            }
            if (!places.add(device.container())) {
                throw item.refused("the same place in the container twice");
            }
            devices.add(device);
        }
        return devices;
    }

    private static @Nullable Device device(String text) {
        String[] parts = text.split(":", -1);
        String host = parts[0];
        String container = parts.length > 1 ? parts[1] : host;
        String permissions = parts.length > 2 ? ordered(parts[2]) : EVERYTHING;
        boolean fits =
                parts.length <= MOST_PARTS
                        && host.startsWith(DEVICES)
                        && StartRules.isNormalisedPath(host)
                        && container.length() > 1
                        && StartRules.isNormalisedPath(container)
                        && permissions != null;
        return fits && permissions != null ? new Device(host, container, permissions) : null;
    }

    /** The letters in their usual order, or null where one is unknown or comes twice. */
    private static @Nullable String ordered(String letters) {
        StringBuilder ordered = new StringBuilder();
        for (char letter : EVERYTHING.toCharArray()) {
            if (letters.indexOf(letter) >= 0) {
                ordered.append(letter);
            }
        }
        return ordered.isEmpty() || ordered.length() != letters.length()
                ? null
                : ordered.toString();
    }

    private static List<String> options(Given given) {
        for (Given item : given.items()) {
            if (StartRules.holdsControl(item.node().asText())) {
                throw item.refused("must not hold control characters");
            }
        }
        return given.words();
    }

    private static Set<HostNamespace> namespaces(Given given) {
        Set<HostNamespace> namespaces = EnumSet.noneOf(HostNamespace.class);
        for (String name : given.words()) {
            namespaces.add(HostNamespace.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return namespaces;
    }
}
