package dev.longshore.docker;

import java.util.Arrays;
import java.util.Objects;

/** Paths in a container: absolute, with {@code /} between their parts. Pure. */
final class ContainerPath {
    private ContainerPath() {}

    /** The path; refuses one that is not absolute, or not written the shortest way. */
    static String absolute(String path, String field) {
        Objects.requireNonNull(path, field);
        boolean root = path.equals("/");
        boolean whole = path.startsWith("/") && !path.contains("\0");
        boolean plain =
                root
                        || Arrays.stream(path.substring(Math.min(1, path.length())).split("/", -1))
                                .noneMatch(
                                        part ->
                                                part.isEmpty()
                                                        || part.equals(".")
                                                        || part.equals(".."));
        if (!whole || !plain) {
            throw new IllegalArgumentException(
                    field + " must be an absolute path without empty parts, . or .., was " + path);
        }
        return path;
    }

    /** Whether {@code path} is {@code directory} or lies in it. */
    static boolean within(String path, String directory) {
        return path.equals(directory) || directory.equals("/") || path.startsWith(directory + "/");
    }
}
