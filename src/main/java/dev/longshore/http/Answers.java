package dev.longshore.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** Writes JSON answers. On the event loop of the connection. */
final class Answers {
    static final int OK = 200;
    static final int ACCEPTED = 202;

    private Answers() {}

    static void json(RoutingContext context, int status, byte[] body) {
        json(context, status, Buffer.buffer(body));
    }

    /** Answers, unless nobody listens any more. */
    static void json(RoutingContext context, int status, Buffer body) {
        if (!context.response().closed() && !context.response().ended()) {
            context.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .end(body);
        }
    }
}
