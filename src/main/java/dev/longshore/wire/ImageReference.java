package dev.longshore.wire;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of image references: {@code [host[:port]/]path[:tag][@sha256:hex]}, as the {@code distribution/reference}
 * package of the registries defines it. Any thread.
 */
final class ImageReference {
    private static final int MOST_CHARACTERS = 512;
    private static final int MOST_NAME = 255;
    private static final int MOST_PORT = 65535;
    private static final Pattern HOST_LABEL = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}]");
    private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern BARE_ID = Pattern.compile("[0-9a-f]{64}");

    private ImageReference() {}

    /** What is wrong with the reference, or null where it is one. */
    static @Nullable String fault(String reference) {
        if (reference.isEmpty() || reference.length() > MOST_CHARACTERS) {
            return reference.isEmpty() ? "must not be empty" : "too long";
        }
        if (reference.contains("://")) {
            return "must not have a scheme such as https://";
        }
        String rest = reference;
        int at = rest.indexOf('@');
        if (at >= 0) {
            if (!DIGEST.matcher(rest.substring(at + 1)).matches()) {
                return "the digest must be sha256: and 64 lower-case hex digits";
            }
            rest = rest.substring(0, at);
        }
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            if (!TAG.matcher(rest.substring(colon + 1)).matches()) {
                return "the tag must be 1 to 128 letters, digits, '_', '.' or '-'";
            }
            rest = rest.substring(0, colon);
        }
        return nameFault(rest);
    }

    private static @Nullable String nameFault(String name) {
        if (BARE_ID.matcher(name).matches()) {
            return "64 hex digits are an image id, not a name";
        }
        int slash = name.indexOf('/');
        String host = slash < 0 ? "" : name.substring(0, slash);
        boolean hasHost = host.contains(".") || host.contains(":") || host.equals("localhost");
        if (hasHost && !isHost(host)) {
            return "the registry must be a host name or address, with a port if need be";
        }
        String path = hasHost ? name.substring(slash + 1) : name;
        if (!path.equals(path.toLowerCase(Locale.ROOT))) {
            return "the repository name must be lower case";
        }
        for (String component : path.split("/", -1)) {
            if (!COMPONENT.matcher(component).matches()) {
                return "the repository name must be parts of a-z and 0-9, divided by '/', and inside by '.', '_', '__' or '-'";
            }
        }
        int normalised = path.length() + (hasHost ? host.length() + 1 : "docker.io/".length())
                + (!hasHost && slash < 0 ? "library/".length() : 0);
        return normalised > MOST_NAME ? "the name must have at most 255 characters" : null;
    }

    private static boolean isHost(String host) {
        int bracket = host.lastIndexOf(']');
        int colon = host.lastIndexOf(':');
        String name = colon > bracket ? host.substring(0, colon) : host;
        if (colon > bracket) {
            String port = host.substring(colon + 1);
            if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MOST_PORT) {
                return false;
            }
        }
        if (IPV6.matcher(name).matches()) {
            return true;
        }
        for (String label : name.split("\\.", -1)) {
            if (!HOST_LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }
}
