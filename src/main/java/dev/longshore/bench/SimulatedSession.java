package dev.longshore.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection to the simulated engine: its requests, one after the other. One thread. */
final class SimulatedSession {
    private static final Pattern VERSION = Pattern.compile("^/v1\\.\\d+");
    private static final Pattern LABEL = Pattern.compile("([\\w.]+)=([\\w.-]+)");

    private final SimulatedEngine engine;
    private final SimulatedHttp http;

    SimulatedSession(SimulatedEngine engine, SocketChannel channel) {
        this.engine = engine;
        this.http = new SimulatedHttp(channel);
    }

    /** Answers until the client leaves. */
    void serve() throws IOException {
        try {
            for (SimulatedHttp.Request next = http.next(); next != null; next = http.next()) {
                engine.answered();
                if (!answer(next) || next.last()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the connection goes on. */
    private boolean answer(SimulatedHttp.Request request) throws IOException, InterruptedException {
        String path = VERSION.matcher(request.path()).replaceFirst("");
        if (path.startsWith("/containers/")) {
            return container(request, path.substring(12));
        }
        if (path.equals("/events")) {
            return events(request);
        }
        if (path.startsWith("/images/")) {
            http.json(
                    200,
                    path.equals("/images/json") ? SimulatedAnswers.IMAGES : SimulatedAnswers.IMAGE);
            return true;
        }
        switch (path) {
            case "/_ping" -> http.text(200, "OK");
            case "/version" -> http.json(200, SimulatedAnswers.VERSION);
            case "/info" -> http.json(200, SimulatedAnswers.INFO);
            case "/networks" -> http.json(200, "[]");
            case "/volumes" -> http.json(200, "{\"Volumes\":[]}");
            case "/system/df" -> http.json(200, "{\"Containers\":[]}");
            default -> http.json(404, "{\"message\":\"page not found\"}");
        }
        return true;
    }

    private boolean container(SimulatedHttp.Request request, String rest)
            throws IOException, InterruptedException {
        if (rest.equals("json")) {
            list(request.query());
            return true;
        }
        if (rest.equals("create")) {
            create(request);
            return true;
        }
        int slash = rest.indexOf('/');
        String id = slash < 0 ? rest : rest.substring(0, slash);
        SimulatedContainer found = engine.find(id);
        if (found == null) {
            http.json(404, "{\"message\":\"No such container: " + id + "\"}");
            return true;
        }
        String what = slash < 0 ? request.method() : rest.substring(slash + 1);
        switch (what) {
            case "json" -> http.json(200, found.inspect());
            case "start" -> {
                pause(engine.delays().start());
                http.empty(found.start(engine.delays().run()) ? 204 : 304);
            }
            case "wait" -> await(found);
            case "logs" -> logs(found, request.query().contains("follow=1"));
            case "stats" -> http.json(200, SimulatedAnswers.STATS);
            case "stop", "kill" -> {
                found.end(SimulatedContainer.KILLED);
                http.empty(204);
            }
            case "DELETE" -> {
                pause(engine.delays().remove());
                engine.remove(found);
                http.empty(204);
            }
            default -> http.empty(204);
        }
        return true;
    }

    private void create(SimulatedHttp.Request request) throws IOException, InterruptedException {
        pause(engine.delays().create());
        String query = request.query();
        int at = query.indexOf("name=");
        String name = at < 0 ? "" : query.substring(at + 5).replaceFirst("&.*", "");
        SimulatedContainer made = engine.create(name, request.body());
        if (made == null) {
            String taken = "Conflict. The container name \\\"/" + name + "\\\" is already in use";
            http.json(409, "{\"message\":\"" + taken + "\"}");
        } else {
            http.json(201, "{\"Id\":\"" + made.id() + "\",\"Warnings\":[]}");
        }
    }

    /** Those with all labels that the filter names. */
    private void list(String query) throws IOException {
        String filter = URLDecoder.decode(query, StandardCharsets.UTF_8);
        Matcher labels = LABEL.matcher(filter.contains("filters=") ? filter : "");
        List<String> wanted =
                labels.results()
                        .filter(found -> found.group(1).contains("."))
                        .map(found -> "\"" + found.group(1) + "\":\"" + found.group(2) + "\"")
                        .toList();
        List<String> found =
                engine.all().stream()
                        .filter(each -> wanted.stream().allMatch(each::isLabelled))
                        .map(SimulatedContainer::listed)
                        .toList();
        http.json(200, "[" + String.join(",", found) + "]");
    }

    /** The head at once, as an engine does, the code at the end. */
    private void await(SimulatedContainer container) throws IOException, InterruptedException {
        if (!container.isRunning()) {
            http.json(200, "{\"StatusCode\":" + container.awaitEnd() + "}");
            return;
        }
        http.begin("application/json");
        http.chunk("{\"StatusCode\":%d}\n".formatted(container.awaitEnd()));
        http.finish();
    }

    private void logs(SimulatedContainer container, boolean follow)
            throws IOException, InterruptedException {
        if (follow) {
            engine.followed();
        }
        http.begin("application/vnd.docker.raw-stream");
        if (container.first().equals("print")) {
            new SimulatedPrinter(container, http).print(follow);
        } else if (follow) {
            container.awaitEnd();
        }
        http.finish();
    }

    /** Nothing ever happens; what has happened is nothing. */
    private boolean events(SimulatedHttp.Request request) throws IOException, InterruptedException {
        http.begin("application/json");
        if (request.query().contains("until=")) {
            http.finish();
            return true;
        }
        http.awaitEnd();
        return false;
    }

    private static void pause(@Nullable Duration delay) throws InterruptedException {
        if (delay != null && !delay.isZero()) {
            Thread.sleep(delay);
        }
    }
}
