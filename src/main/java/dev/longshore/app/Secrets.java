package dev.longshore.app;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which values must never be printed: told by the name alone, rather one too many than one too few.
 * Any thread.
 */
final class Secrets {
    /** What stands in place of a secret. */
    static final String MASK = "***";

    private static final int MOST_CHARACTERS = 200;

    private static final Pattern NAMES =
            Pattern.compile(
                    "password|passwd|jaas|secret|token|credential|private|user[._-]?info|keystore[._-]key|(^|[._-])key($|[._-])");

    private Secrets() {}

    /** Whether the value of this key, property or environment variable may be one. */
    static boolean isSecret(String key) {
        return NAMES.matcher(key.toLowerCase(Locale.ROOT)).find();
    }

    /** The value for people: quoted, on one line and not endless; or the mask. */
    static String shown(String key, @Nullable String value) {
        if (value == null) {
            return "(nothing)";
        }
        if (isSecret(key)) {
            return MASK;
        }
        String cut =
                value.length() > MOST_CHARACTERS
                        ? value.substring(0, MOST_CHARACTERS) + "…"
                        : value;
        StringBuilder line = new StringBuilder("\"");
        cut.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(line::appendCodePoint);
        return line.append('"').toString();
    }
}
