package dev.longshore.app;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * One value as somebody wrote it. Any thread.
 *
 * @param key the dotted key, or the name of an environment variable that is no key
 * @param value the text, not yet checked; null where the key stands there without a value
 * @param origin where it was written, for people: {@code conf/longshore.yaml:12}, {@code
 *     environment LONGSHORE_HTTP_PORT}, {@code command line}, {@code default}
 */
record Given(String key, @Nullable String value, String origin) {
    static final String DEFAULT = "default";

    Given {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(origin, "origin");
    }

    /** Whether there is text to read. */
    boolean isBlank() {
        return value == null || value.isBlank();
    }

    /** Leaves out what may be a secret. */
    @Override
    public String toString() {
        return key + " = " + Secrets.shown(key, value) + " (" + origin + ")";
    }
}
