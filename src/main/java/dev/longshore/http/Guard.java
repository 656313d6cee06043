package dev.longshore.http;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Lets a request in only where a page of somebody else's cannot have made the browser send it:
 * {@code Host} must be ours, which ends DNS rebinding, and {@code Origin}, where there is one, must
 * be ours or allowed. Also marks every answer as not to be cached, sniffed or framed. On the event
 * loop of the connection.
 */
final class Guard {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final HttpSettings settings;

    Guard(HttpSettings settings) {
        this.settings = settings;
    }

    /** Passes on or throws. */
    void check(RoutingContext context) {
        secure(context.response());
        HttpServerRequest request = context.request();
        if (!wellFormed(request.uri())) {
            throw Problem.ofStatus(400, "The path or the query is malformed.").thrown();
        }
        HostAndPort authority = request.authority();
        if (authority == null) {
            throw Problem.ofStatus(400, "The Host header is missing or malformed.").thrown();
        }
        if (!ours(authority.host())) {
            throw Problem.forbidden(
                            "This is not a name of this server; the operator can add it to the"
                                    + " allowed hosts.")
                    .thrown();
        }
        List<String> origins = request.headers().getAll("Origin");
        if (origins.size() > 1
                || (origins.size() == 1 && !welcome(origins.getFirst(), authority))) {
            throw Problem.forbidden("Requests from pages of this origin are not allowed.").thrown();
        }
        context.next();
    }

    /**
     * Whether it is a path of ours, properly encoded: the router answers 500 to what it cannot
     * decode.
     */
    private static boolean wellFormed(String uri) {
        if (!uri.startsWith("/")) {
            return false;
        }
        for (int at = uri.indexOf('%'); at >= 0; at = uri.indexOf('%', at + 1)) {
            int code = at + 2 < uri.length() ? hex(uri, at + 1) : -1;
            if (code < ' ') {
                return false;
            }
        }
        return true;
    }

    /** The two hexadecimal digits there as a number, or -1. */
    private static int hex(String uri, int at) {
        int high = Character.digit(uri.charAt(at), 16);
        int low = Character.digit(uri.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** The headers that every answer has. */
    static void secure(HttpServerResponse response) {
        if (!response.headWritten()) {
            response.putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("Referrer-Policy", "no-referrer")
                    .putHeader(
                            "Content-Security-Policy",
                            "default-src 'none'; frame-ancestors 'none'");
        }
    }

    private boolean ours(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        // An address cannot be rebound: only names can be made to point here.
        return name.equals("localhost")
                || isAddress(name)
                || name.equals(settings.host())
                || contains(settings.allowedHosts(), name);
    }

    private static boolean isAddress(String name) {
        String bare =
                name.startsWith("[") && name.endsWith("]")
                        ? name.substring(1, name.length() - 1)
                        : name;
        return NetUtil.isValidIpV4Address(bare) || NetUtil.isValidIpV6Address(bare);
    }

    private boolean welcome(String origin, HostAndPort authority) {
        return contains(settings.allowedOrigins(), origin)
                || same(origin, "http://", HTTP_PORT, authority)
                || same(origin, "https://", HTTPS_PORT, authority);
    }

    private static boolean same(
            String origin, String scheme, int defaultPort, HostAndPort authority) {
        if (!origin.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return false;
        }
        HostAndPort from = parse(origin.substring(scheme.length()));
        return from != null
                && from.host().equalsIgnoreCase(authority.host())
                && port(from, defaultPort) == port(authority, defaultPort);
    }

    private static @Nullable HostAndPort parse(String authority) {
        return HostAndPort.parseAuthority(authority, -1);
    }

    private static int port(HostAndPort authority, int defaultPort) {
        return authority.port() > 0 ? authority.port() : defaultPort;
    }

    private static boolean contains(Set<String> allowed, String value) {
        return allowed.stream().anyMatch(value::equalsIgnoreCase);
    }
}
