package dev.longshore.http;

import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;

import java.util.HashMap;
import java.util.Map;

/**
 * How many logs and lists each address has open: one client cannot take the places of all. On the
 * event loop of the verticle.
 */
final class OpenStreams {
    private final int most;
    private final Map<String, Integer> byAddress = new HashMap<>();

    OpenStreams(int most) {
        this.most = most;
    }

    /**
     * Lets one more in; throws the 429 where the address has enough.
     *
     * @return to be run when it is over; more than once does no harm
     */
    Runnable admit(RoutingContext context) {
        SocketAddress remote = context.request().remoteAddress();
        String address = remote == null ? "" : String.valueOf(remote.hostAddress());
        if (byAddress.getOrDefault(address, 0) >= most) {
            throw Problem.tooMany(
                            "This address has "
                                    + most
                                    + " streams open: close one, or ask the operator for more.")
                    .thrown();
        }
        byAddress.merge(address, 1, Integer::sum);
        boolean[] over = {false};
        return () -> {
            if (!over[0]) {
                over[0] = true;
                byAddress.computeIfPresent(address, (key, count) -> count <= 1 ? null : count - 1);
            }
        };
    }

    /** How many are open. */
    int open() {
        return byAddress.values().stream().mapToInt(Integer::intValue).sum();
    }
}
