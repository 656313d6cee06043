package dev.longshore.wire;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as people write them: {@code 10s}, {@code 1h30m}, {@code 500ms}, or ISO-8601. Any thread. */
final class Durations {
    /** No execution may be given longer. */
    static final Duration LONGEST = Duration.ofDays(366);

    /** Shorter ones would be rounded to nothing by a timer. */
    static final Duration SHORTEST = Duration.ofMillis(1);

    private static final int MOST_CHARACTERS = 64;

    private static final Pattern SIMPLE = Pattern.compile(
            "(?:([0-9]{1,18})h)?(?:([0-9]{1,18})m(?!s))?(?:([0-9]{1,18})s)?(?:([0-9]{1,18})ms)?");

    private Durations() {}

    /** The duration, or null where the text is none or is out of range. */
    static @Nullable Duration parse(String text) {
        if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
            return null;
        }
        try {
            Duration duration = text.charAt(0) == 'P' ? Duration.parse(text) : simple(text);
            boolean fits = duration != null && duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0;
            return fits ? duration : null;
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private static @Nullable Duration simple(String text) {
        Matcher parts = SIMPLE.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        return Duration.ofHours(amount(parts.group(1)))
                .plusMinutes(amount(parts.group(2)))
                .plusSeconds(amount(parts.group(3)))
                .plusMillis(amount(parts.group(4)));
    }

    private static long amount(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
