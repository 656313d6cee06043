package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.job.Execution;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.JobId;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may do what: the one place that decides, for every route alike, before any of them. What is
 * not named here takes the scope {@code admin}. On the event loop of the connection.
 *
 * <p>A token comes as {@code Authorization: Bearer}, or as the cookie that {@code POST
 * /api/v1/session} gives to a browser, whose websockets and event streams cannot have headers. The
 * cookie is kept from scripts (HttpOnly) and from other sites (SameSite=Strict), and {@link Guard}
 * refuses their origins before. Never in the query: addresses end up in logs and histories.
 */
final class Access {
    static final String COOKIE = "longshore_token";

    private static final String GRANT = "longshore.grant";
    private static final String SESSION = "/api/v1/session";
    private static final Pattern EXECUTION =
            Pattern.compile("/api/v1/executions/([^/]+)(?:/([^/]+).*)?");
    private static final int UNAUTHORIZED = 401;
    private static final int NO_CONTENT = 204;

    private final AccessTokens tokens;
    private final Board board;

    private final Recall recall;

    /** With what brings executions back, for those who may ask at all. */
    Access(AccessTokens tokens, Board board, Recall recall) {
        this.tokens = tokens;
        this.board = board;
        this.recall = recall;
    }

    void mount(Router router) {
        router.route().handler(this::check);
        router.route("/api/v1/executions/*").handler(this::recall);
        router.route().handler(this::reach);
        router.post(SESSION).handler(this::login);
        router.delete(SESSION).handler(this::logout);
    }

    /** What the bearer of this request may do. */
    static Grant grant(RoutingContext context) {
        Grant grant = context.get(GRANT);
        if (grant == null) {
            throw new IllegalStateException("asked before it was decided");
        }
        return grant;
    }

    /** The token of a request, by header or cookie, or null. */
    static @Nullable String token(RoutingContext context) {
        String header = context.request().getHeader("Authorization");
        if (header != null) {
            return header.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length())
                    ? header.substring("Bearer ".length()).strip()
                    : "";
        }
        Cookie cookie = context.request().getCookie(COOKIE);
        return cookie == null ? null : cookie.getValue();
    }

    /** Refuses where the bearer may not touch this job. */
    static void require(RoutingContext context, JobId job) {
        if (!grant(context).reaches(job)) {
            throw forbidden("This token is not for the job " + job + ".").thrown();
        }
    }

    private void check(RoutingContext context) {
        if (!tokens.required()) {
            context.put(GRANT, Grant.ANONYMOUS);
            context.next();
            return;
        }
        String path = context.normalizedPath();
        Scope needed = needed(context.request().method(), path);
        if (needed == null) {
            context.next();
            return;
        }
        String token = token(context);
        Grant grant = token == null ? null : tokens.find(token);
        if (grant == null) {
            context.response().putHeader("WWW-Authenticate", "Bearer realm=\"longshore\"");
            throw new Problem(
                            UNAUTHORIZED,
                            "UNAUTHORIZED",
                            token == null
                                    ? "A token is needed: send Authorization: Bearer …"
                                    : "This token is not known here.",
                            null)
                    .thrown();
        }
        if (!grant.allows(needed)) {
            throw forbidden("This token has not the scope " + needed.fileName() + ".").thrown();
        }
        context.put(GRANT, grant);
        context.next();
    }

    private void recall(RoutingContext context) {
        Matcher execution = EXECUTION.matcher(context.normalizedPath());
        if (execution.matches()) {
            recall.before(context, execution.group(1));
        } else {
            context.next();
        }
    }

    private void reach(RoutingContext context) {
        Grant grant = context.get(GRANT);
        if (grant != null) {
            requireReach(grant, context.normalizedPath());
        }
        context.next();
    }

    private void requireReach(Grant grant, String path) {
        if (grant.jobs() == null || path.equals("/api/v1/executions") || path.equals(SESSION)) {
            return; // whole lists are narrowed, and starts looked at, by who serves them
        }
        Matcher execution = EXECUTION.matcher(path);
        if (!execution.matches()) {
            throw forbidden("This token is for some jobs only, and this is about all.").thrown();
        }
        String id = execution.group(1);
        JobId job = ExecutionId.isValid(id) ? jobOf(new ExecutionId(id)) : null;
        if (!grant.reaches(job)) {
            // As if it were not there: which ids exist is not theirs to know.
            throw ExecutionRoutes.unknown().thrown();
        }
    }

    /** The scope that a request takes, or null where it takes none. */
    static @Nullable Scope needed(HttpMethod method, String path) {
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (path.equals("/metrics") && reads) {
            return Scope.READ;
        }
        if (!path.startsWith("/api/")) {
            // Health, the contracts and the page itself: nothing in them is anybody's.
            return reads ? null : Scope.ADMIN;
        }
        if (path.equals(SESSION)) {
            return method.equals(HttpMethod.DELETE) ? null : Scope.READ;
        }
        if (reads) {
            return path.startsWith("/api/v1/executions")
                            || path.startsWith("/api/v1/nodes")
                            || path.equals("/api/v1/kafka")
                    ? Scope.READ
                    : Scope.ADMIN;
        }
        if (!method.equals(HttpMethod.POST)) {
            return Scope.ADMIN;
        }
        Matcher execution = EXECUTION.matcher(path);
        if (execution.matches()) {
            return "exec".equals(execution.group(2)) ? Scope.EXEC : Scope.WRITE;
        }
        return path.equals("/api/v1/executions") ? Scope.WRITE : Scope.ADMIN;
    }

    private @Nullable JobId jobOf(ExecutionId id) {
        Execution known = board.find(id);
        return known == null ? board.expected(id) : known.latest().jobId();
    }

    private void login(RoutingContext context) {
        Parameters.of(context, java.util.Set.of());
        String token = token(context);
        if (tokens.required() && token != null) {
            context.response().addCookie(cookie(context, token));
        }
        context.response().setStatusCode(NO_CONTENT).end();
    }

    private void logout(RoutingContext context) {
        Parameters.of(context, java.util.Set.of());
        context.response().addCookie(cookie(context, "").setMaxAge(0));
        context.response().setStatusCode(NO_CONTENT).end();
    }

    private static Cookie cookie(RoutingContext context, String value) {
        boolean secure =
                context.request().isSSL()
                        || "https"
                                .equalsIgnoreCase(context.request().getHeader("X-Forwarded-Proto"));
        return Cookie.cookie(COOKIE, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT)
                .setSecure(secure);
    }

    private static Problem forbidden(String detail) {
        return Problem.forbidden(detail);
    }
}
