package dev.longshore.app;

import java.util.Objects;

/**
 * One setting as it is in force, for people. Any thread.
 *
 * @param key the dotted key
 * @param value its text, {@code ***} where it may be a secret, empty where it is not set
 * @param origin where it was given: {@code default}, {@code conf/longshore.yaml:12}, {@code
 *     environment LONGSHORE_HTTP_PORT}, {@code command line}
 */
public record Effective(String key, String value, String origin) {
    /** Refuses nulls by name. */
    public Effective {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(origin, "origin");
    }

    static Effective of(Given given) {
        String value = given.value();
        if (value != null && Secrets.isSecret(given.key())) {
            value = Secrets.MASK;
        }
        return new Effective(given.key(), value == null ? "" : value, given.origin());
    }
}
