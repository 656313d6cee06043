package dev.longshore.http;

import dev.longshore.board.Board;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code /health/live}: the process answers and nothing in it is stuck. {@code /health/ready}: it
 * can do its work. On the event loop.
 */
final class HealthRoutes {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final Board board;
    private final Supplier<List<HealthCheck>> checks;

    /**
     * @param board ready when it has caught up
     * @param checks what else has to be well; asked on an event loop, so it answers at once
     */
    HealthRoutes(Board board, Supplier<List<HealthCheck>> checks) {
        this.board = board;
        this.checks = checks;
    }

    void mount(Router router) {
        router.get("/health/live").handler(this::live);
        router.get("/health/ready").handler(this::ready);
    }

    private void live(RoutingContext context) {
        answer(context, checks.get().stream().filter(HealthCheck::vital).toList());
    }

    private void ready(RoutingContext context) {
        List<HealthCheck> all = new ArrayList<>();
        boolean caughtUp = board.caughtUp();
        all.add(
                new HealthCheck(
                        "board",
                        caughtUp,
                        caughtUp ? "" : "still reading what was said before the start"));
        all.addAll(checks.get());
        answer(context, all);
    }

    private static void answer(RoutingContext context, List<HealthCheck> all) {
        boolean up = all.stream().allMatch(HealthCheck::up);
        JsonArray array = new JsonArray();
        for (HealthCheck check : all) {
            array.add(
                    new JsonObject()
                            .put("name", check.name())
                            .put("status", word(check.up()))
                            .put("detail", check.detail()));
        }
        JsonObject body = new JsonObject().put("status", word(up)).put("checks", array);
        Answers.json(context, up ? OK : UNAVAILABLE, body.toBuffer());
    }

    private static String word(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
