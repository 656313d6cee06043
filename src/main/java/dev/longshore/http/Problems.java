package dev.longshore.http;

import io.vertx.core.http.HttpClosedException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/** The one place where failures become answers. Called on the event loop of the connection. */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int SERVER_ERROR = 500;

    private Problems() {}

    /** Sees to every failure of this router's routes, and to requests that no route takes. */
    static void mount(Router router) {
        router.route().failureHandler(Problems::answer);
        for (int status : List.of(400, 404, 405, 406, 411, 413, 415, 500, 501)) {
            router.errorHandler(status, Problems::answer);
        }
    }

    private static void answer(RoutingContext context) {
        Guard.secure(context.response());
        of(context).write(context.response());
    }

    private static Problem of(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure instanceof Problem.Thrown thrown) {
            return thrown.problem();
        }
        int status = context.statusCode();
        if (status >= 400 && status < SERVER_ERROR) {
            return Problem.ofStatus(status, detail(status));
        }
        if (failure instanceof HttpClosedException) {
            LOG.debug("A client left before it had sent all of its request");
        } else if (failure != null) {
            LOG.error(
                    "A request to {} failed",
                    context.currentRoute() == null ? "no route" : route(context),
                    failure);
        }
        return Problem.internal();
    }

    private static String route(RoutingContext context) {
        // The route's own pattern, not what the client sent: that may hold anything.
        return String.valueOf(context.currentRoute().getPath());
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "The request is malformed.";
            case 404 -> "There is nothing at this path.";
            case 405 -> "This path does not take this method.";
            case 413 -> "The body is larger than allowed.";
            case 415 -> "The body must be JSON: send Content-Type: application/json.";
            default -> "The request cannot be answered.";
        };
    }
}
