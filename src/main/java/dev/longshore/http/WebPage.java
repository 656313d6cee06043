package dev.longshore.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The web page: files of the class path, held in memory. Each place of the page is the same
 * document, which looks at its own address. Made on a worker thread; answers on the event loop of
 * the connection.
 */
final class WebPage {
    /** Only what comes from here runs, and nothing that was text becomes a script. */
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'; require-trusted-types-for 'script';"
                    + " trusted-types 'none'";

    private static final String FOLDER = "/web/";
    private static final String DOCUMENT = "index.html";
    private static final int NOT_MODIFIED = 304;
    private static final int TAG_CHARACTERS = 32;
    private static final List<String> PLACES =
            List.of("/", "/executions/:id", "/nodes", "/submit", "/dead-letters");
    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "svg", "image/svg+xml",
                    "md", "text/plain; charset=utf-8",
                    "txt", "text/plain; charset=utf-8");

    private final Map<String, Asset> assets;

    private WebPage(Map<String, Asset> assets) {
        this.assets = Map.copyOf(assets);
    }

    /** A file as it is sent. */
    private record Asset(Buffer bytes, String type, String tag) {}

    /** Reads the files; blocks. Throws where they are not there or one is of no known type. */
    static WebPage load() throws IOException {
        URL document = WebPage.class.getResource(FOLDER + DOCUMENT);
        if (document == null) {
            throw new IOException("the web page is not on the class path");
        }
        try {
            URI place = document.toURI();
            if (!place.getScheme().equals("jar")) {
                return new WebPage(readAll(Path.of(place).resolveSibling("")));
            }
            try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
                return new WebPage(readAll(jar.getPath(FOLDER)));
            }
        } catch (URISyntaxException e) {
            throw new IOException("the class path has no proper address: " + document, e);
        }
    }

    void mount(Router router) {
        for (String place : PLACES) {
            router.get(place).handler(context -> answer(context, DOCUMENT));
            router.head(place).handler(context -> answer(context, DOCUMENT));
        }
        router.get(FOLDER + "*").handler(this::file);
        router.head(FOLDER + "*").handler(this::file);
    }

    private void file(RoutingContext context) {
        answer(context, context.normalizedPath().substring(FOLDER.length()));
    }

    private void answer(RoutingContext context, String name) {
        Asset asset = assets.get(name);
        if (asset == null) {
            throw Problem.ofStatus(404, "There is nothing at this path.").thrown();
        }
        HttpServerResponse response = context.response();
        response.putHeader("Content-Security-Policy", POLICY)
                .putHeader("Cache-Control", "no-cache")
                .putHeader("ETag", asset.tag());
        if (asset.tag().equals(context.request().getHeader("If-None-Match"))) {
            response.setStatusCode(NOT_MODIFIED).end();
            return;
        }
        response.putHeader("Content-Type", asset.type())
                .putHeader("Content-Length", String.valueOf(asset.bytes().length()));
        if (context.request().method() == HttpMethod.HEAD) {
            response.end();
        } else {
            response.end(asset.bytes());
        }
    }

    private static Map<String, Asset> readAll(Path folder) throws IOException {
        Map<String, Asset> all = new HashMap<>();
        List<Path> files;
        try (Stream<Path> tree = Files.walk(folder)) {
            files = tree.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            String name = folder.relativize(file).toString().replace('\\', '/');
            byte[] bytes = Files.readAllBytes(file);
            all.put(name, new Asset(Buffer.buffer(bytes), type(name), tag(bytes)));
        }
        return all;
    }

    private static String type(String name) throws IOException {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IOException("a file of the web page is of no known type: " + name);
        }
        return type;
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest).substring(0, TAG_CHARACTERS) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
