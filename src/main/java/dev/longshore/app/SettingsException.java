package dev.longshore.app;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The settings cannot be used: everything that is wrong with them, at once. The message is for
 * people, one problem a line, and holds no secret.
 */
public final class SettingsException extends RuntimeException {
    private final transient List<Problem> problems;

    /** All of these, at least one. */
    public SettingsException(List<Problem> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order in which it was found. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(List<Problem> problems) {
        String count =
                problems.size() == 1
                        ? "1 setting cannot be used:"
                        : problems.size() + " settings cannot be used:";
        return problems.stream()
                .map(problem -> "  " + problem)
                .collect(Collectors.joining("\n", count + "\n", ""));
    }

    /**
     * One thing that is wrong.
     *
     * @param key the key, environment variable or file that it is about
     * @param value what was written, or {@code ***} where it may be a secret; empty where there is
     *     none
     * @param origin where it was written; empty where there is no one place
     * @param rule what it must be, or what to do
     */
    public record Problem(String key, String value, String origin, String rule) {
        /** Refuses nulls by name. */
        public Problem {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(rule, "rule");
        }

        static Problem of(Given given, String rule) {
            String value = given.value() == null ? "" : Secrets.shown(given.key(), given.value());
            return new Problem(given.key(), value, given.origin(), rule);
        }

        static Problem of(String subject, String rule) {
            return new Problem(subject, "", "", rule);
        }

        @Override
        public String toString() {
            return key
                    + (value.isEmpty() ? "" : " = " + value)
                    + (origin.isEmpty() ? "" : " (" + origin + ")")
                    + ": "
                    + rule;
        }
    }
}
