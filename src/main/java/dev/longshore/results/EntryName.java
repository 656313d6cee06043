package dev.longshore.results;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The name of a tar's entry, taken apart.
 *
 * @param top its first part, the directory that the engine was asked for
 * @param below the parts under it
 */
record EntryName(String top, List<String> below) {
    private static final int MOST_PART_BYTES = 255;

    /**
     * What the tar's reader makes of bytes that are not UTF-8 in a PAX header, where engines put
     * them; in an old header it makes them question marks, which does no harm.
     */
    private static final char NO_CHARACTER = '\uFFFD';

    EntryName {
        below = List.copyOf(below);
    }

    /**
     * What is wrong with the name, such that no file system can have given it: the tar is forged,
     * and nothing in it can be believed. Null where nothing is.
     */
    static @Nullable String forged(String name) {
        if (name.isEmpty() || name.startsWith("/")) {
            return name.isEmpty() ? "it has a name that is empty" : "it has an absolute name";
        }
        if (name.indexOf('\0') >= 0) {
            return "it has a name with a NUL";
        }
        for (String part : parts(name)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return "it has a name with a part that is empty, '.' or '..'";
            }
            if (part.getBytes(StandardCharsets.UTF_8).length > MOST_PART_BYTES
                    && part.indexOf(NO_CHARACTER) < 0) {
                return "it has a name with a part of more than " + MOST_PART_BYTES + " bytes";
            }
        }
        return null;
    }

    /** One that is not {@link #forged}. */
    static EntryName of(String name) {
        List<String> parts = parts(name);
        return new EntryName(parts.getFirst(), parts.subList(1, parts.size()));
    }

    /**
     * Whether it is text. A program can well have made one that is not; it would be trouble in a
     * terminal, a log and a message, and is skipped.
     */
    boolean clean() {
        return below.stream()
                .flatMapToInt(String::codePoints)
                .noneMatch(point -> Character.isISOControl(point) || point == NO_CHARACTER);
    }

    /** With {@code /} between the parts. */
    String path() {
        return String.join("/", below);
    }

    private static List<String> parts(String name) {
        String bare = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        return List.of(bare.split("/", -1));
    }
}
