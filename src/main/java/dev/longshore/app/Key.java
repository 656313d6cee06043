package dev.longshore.app;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Objects;

/**
 * One setting that there is. Any thread.
 *
 * @param <T> what its text is read into
 * @param name the dotted key, as in {@code conf/longshore.yaml}
 * @param rule what its value must be
 * @param fallback the value where nobody gives one, or null: then it is optional, or depends on the
 *     host
 */
record Key<T>(String name, Rule<T> rule, @Nullable String fallback) {
    private static final String ENVIRONMENT_PREFIX = "LONGSHORE_";

    Key {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(rule, "rule");
    }

    /** The environment variable that sets it. */
    String environmentName() {
        return environmentName(name);
    }

    /** The environment variable that sets the key of this name. */
    static String environmentName(String name) {
        return ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
