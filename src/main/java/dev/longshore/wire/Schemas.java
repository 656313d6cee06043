package dev.longshore.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The JSON Schemas of every message, as published under {@code https://longshore.dev/schemas/}. Any thread. */
public final class Schemas {
    private static final List<String> NAMES =
            List.of("start.v1.json", "control.v1.json", "status.v1.json", "result.v1.json", "node.v1.json");

    private Schemas() {}

    /** The file names, such as {@code start.v1.json}. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * The bytes of one schema.
     *
     * @param name one of {@link #names()}; anything else is an {@link IllegalArgumentException}
     */
    public static byte[] bytes(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("no such schema");
        }
        try (InputStream file = Schemas.class.getResourceAsStream("/schemas/" + name)) {
            if (file == null) {
                throw new IllegalStateException("schema " + name + " is missing from the build");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading schema " + name, e);
        }
    }
}
