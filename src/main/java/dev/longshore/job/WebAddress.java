package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * An address of the web from which a file can be had, of which only one reading is possible: no
 * user, no fragment, no path that means another one. Pure, for any thread.
 *
 * @param uri as it was written; its query may well be a secret
 * @param place scheme, host, port where it is not the scheme's own, and path: what is judged and
 *     what is shown
 */
public record WebAddress(URI uri, String place) {
    /** Most characters. */
    public static final int MOST_CHARACTERS = 4096;

    /** Parts that a server may take for {@code .}, {@code ..} or {@code /}. */
    private static final Pattern OTHER_PATH =
            Pattern.compile("/\\.{1,2}(/|$)|%2e|%2f|%5c|%00|//", Pattern.CASE_INSENSITIVE);

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int MOST_PORT = 65_535;

    /** Refuses nulls by name. */
    public WebAddress {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(place, "place");
    }

    /** The address, or null where the text is none. */
    public static @Nullable WebAddress parse(String text) {
        try {
            return text.length() > MOST_CHARACTERS ? null : of(new URI(text));
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static @Nullable WebAddress of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        boolean web = scheme.equals("http") || scheme.equals("https");
        String host = uri.getHost();
        String path = uri.getRawPath();
        if (!web
                || host == null
                || uri.getUserInfo() != null
                || uri.getRawFragment() != null
                || uri.getPort() == 0
                || uri.getPort() > MOST_PORT
                || !uri.toString().chars().allMatch(c -> c > ' ' && c < 0x7f)
                || OTHER_PATH.matcher(path).find()) {
            return null;
        }
        String port = uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
        String from = path.isEmpty() ? "/" : path;
        return new WebAddress(uri, scheme + "://" + host.toLowerCase(Locale.ROOT) + port + from);
    }

    /** The address that a reference in an answer from here leads to, or null where it is none. */
    public @Nullable WebAddress follow(String reference) {
        try {
            return of(uri.resolve(new URI(reference)));
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Whether it is read over TLS. */
    public boolean isSecure() {
        return place.startsWith("https:");
    }

    /** Its host, without the brackets of an IPv6 address. */
    public String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Its port, the scheme's own where it names none. */
    public int port() {
        int own = isSecure() ? HTTPS_PORT : HTTP_PORT;
        return uri.getPort() < 0 ? own : uri.getPort();
    }

    /** Path and query, as they are asked for. */
    public String target() {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /** Leaves the query out: it may be a secret. */
    @Override
    public String toString() {
        return place;
    }
}
