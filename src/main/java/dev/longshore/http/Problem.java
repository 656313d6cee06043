package dev.longshore.http;

import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;
import dev.longshore.wire.HttpJson;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * An error as clients see it (RFC 9457). Never says what went wrong inside.
 *
 * @param status the HTTP status
 * @param code for programs
 * @param detail for people
 * @param refusal what is wrong with which field, or null where the request is not about fields
 */
record Problem(int status, String code, String detail, @Nullable Refusal refusal) {
    static final String CONTENT_TYPE = "application/problem+json";

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int INTERNAL = 500;
    private static final int UNAVAILABLE = 503;

    /** What the request asks cannot be acted on. */
    static Problem of(Refusal refusal) {
        int status =
                switch (refusal.code()) {
                    case NOT_FOUND -> NOT_FOUND;
                    case NOT_PERMITTED -> FORBIDDEN;
                    case NOT_RUNNING, ALREADY_FINISHED -> CONFLICT;
                    case TOO_LARGE -> TOO_LARGE;
                    default -> BAD_REQUEST;
                };
        return new Problem(status, refusal.code().name(), refusal.message(), refusal);
    }

    /** A query parameter is wrong. */
    static Problem parameter(String name, String detail) {
        return of(new Refusal(RefusalCode.INVALID_PARAMETER, name, detail));
    }

    /** No such thing. */
    static Problem notFound(String detail) {
        return of(Refusal.of(RefusalCode.NOT_FOUND, detail));
    }

    /** Not from there. */
    static Problem forbidden(String detail) {
        return new Problem(FORBIDDEN, "FORBIDDEN", detail, null);
    }

    /** Not so many at once. */
    static Problem tooMany(String detail) {
        return new Problem(TOO_MANY, "TOO_MANY_REQUESTS", detail, null);
    }

    /** Not now. */
    static Problem unavailable(String detail) {
        return new Problem(UNAVAILABLE, "UNAVAILABLE", detail, null);
    }

    /** Our fault; the log says more. */
    static Problem internal() {
        return new Problem(
                INTERNAL,
                "INTERNAL_ERROR",
                "This should not have happened; the node's log says more.",
                null);
    }

    /** Whatever a status alone says. */
    static Problem ofStatus(int status, String detail) {
        if (status == NOT_FOUND) {
            return notFound(detail);
        }
        if (status == TOO_LARGE) {
            return of(Refusal.of(RefusalCode.TOO_LARGE, detail));
        }
        String phrase = HttpResponseStatus.valueOf(status).reasonPhrase();
        return new Problem(
                status, phrase.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]+", "_"), detail, null);
    }

    /** This problem as an exception, for the failure handler. */
    Thrown thrown() {
        return new Thrown(this);
    }

    /** Answers with this problem, unless an answer has begun or nobody listens any more. */
    void write(HttpServerResponse response) {
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        if (status == TOO_MANY || status == UNAVAILABLE) {
            response.putHeader("Retry-After", "5");
        }
        response.setStatusCode(status).putHeader("Content-Type", CONTENT_TYPE).end(body());
    }

    private Buffer body() {
        if (refusal != null) {
            return Buffer.buffer(HttpJson.problem(refusal, status));
        }
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", detail)
                .put("code", code)
                .toBuffer();
    }

    /** Carries a problem to the failure handler. */
    static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Problem problem;

        private Thrown(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }
}
