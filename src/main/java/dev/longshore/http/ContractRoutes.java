package dev.longshore.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What others build against: the documents of REST and topics, and the schemas they name. */
final class ContractRoutes {
    private static final List<String> SCHEMAS =
            List.of(
                    "start.v1.json",
                    "control.v1.json",
                    "status.v1.json",
                    "result.v1.json",
                    "node.v1.json");

    private final Map<String, Buffer> files = new TreeMap<>();

    /** Reads them all: blocks, so not on an event loop. */
    ContractRoutes() {
        for (String name : List.of("openapi.yaml", "asyncapi.yaml")) {
            files.put(name, read("/" + name));
        }
        for (String name : SCHEMAS) {
            files.put(name, read("/schemas/" + name));
        }
    }

    void mount(Router router) {
        for (String name : List.of("openapi.yaml", "asyncapi.yaml")) {
            router.get("/" + name).handler(context -> answer(context, name, "application/yaml"));
        }
        router.get("/schemas/:name").handler(this::schema);
    }

    private void schema(RoutingContext context) {
        String name = context.pathParam("name");
        if (!SCHEMAS.contains(name)) {
            throw Problem.notFound("There is no such schema; there are " + SCHEMAS + ".").thrown();
        }
        answer(context, name, "application/schema+json");
    }

    private void answer(RoutingContext context, String name, String type) {
        Parameters.of(context, Set.of());
        context.response().putHeader("Content-Type", type).end(files.get(name));
    }

    private static Buffer read(String path) {
        try (InputStream file = ContractRoutes.class.getResourceAsStream(path)) {
            if (file == null) {
                throw new IllegalStateException("missing in the jar: " + path);
            }
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
