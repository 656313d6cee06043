package dev.longshore.http;

import io.vertx.core.json.JsonObject;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A client that reads Server-Sent Events, one by one. Used on the test's thread. */
final class EventReader implements AutoCloseable {
    private final HttpResponse<Stream<String>> response;
    private final Stream<String> body;
    private final Iterator<String> lines;

    /**
     * One event.
     *
     * @param name its name
     * @param id its id, empty without one
     * @param data its data
     */
    record Event(String name, String id, JsonObject data) {}

    private EventReader(HttpResponse<Stream<String>> response) {
        this.response = response;
        this.body = response.body();
        this.lines = body.iterator();
    }

    static EventReader open(HttpFixture fixture, String path, String... headers) {
        HttpRequest request =
                fixture.request(path, headers).header("Accept", "text/event-stream").build();
        return new EventReader(fixture.client.sendAsync(request, BodyHandlers.ofLines()).join());
    }

    HttpResponse<?> response() {
        return response;
    }

    /** The next event; what is no event, such as a comment, is passed over. */
    Event next() {
        String name = "";
        String id = "";
        while (true) {
            String line = lines.next();
            if (line.startsWith("event: ")) {
                name = line.substring("event: ".length());
            } else if (line.startsWith("id: ")) {
                id = line.substring("id: ".length());
            } else if (line.startsWith("data: ")) {
                return new Event(name, id, new JsonObject(line.substring("data: ".length())));
            }
        }
    }

    /** Whether the next line that is not empty is a comment. */
    boolean nextIsComment() {
        while (true) {
            String line = lines.next();
            if (!line.isEmpty()) {
                return line.startsWith(":");
            }
        }
    }

    /** Reads on until an event is such. */
    Event until(Predicate<Event> such) {
        while (true) {
            Event event = next();
            if (such.test(event)) {
                return event;
            }
        }
    }

    /** Whether the server ends in good order, with nothing more to say. */
    boolean atEnd() {
        while (lines.hasNext()) {
            if (!lines.next().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        body.close();
    }
}
