package dev.longshore.app;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * What a value must be. Any thread.
 *
 * @param <T> what the text is read into
 * @param says the rule for people, after "must be": {@code a whole number from 1 to 65535}
 * @param parser reads the text
 */
record Rule<T>(String says, Parser<T> parser) {
    Rule {
        Objects.requireNonNull(says, "says");
        Objects.requireNonNull(parser, "parser");
    }

    /** The value, or null where the text breaks the rule. */
    @Nullable T read(String text) {
        return parser.read(text.strip());
    }

    /** Reads text into a value; null where it is none. Throws nothing. */
    @FunctionalInterface
    interface Parser<T> {
        @Nullable T read(String text);
    }
}
