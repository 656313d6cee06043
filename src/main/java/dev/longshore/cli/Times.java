package dev.longshore.cli;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as a person reads them. */
final class Times {
    private static final Pattern LENGTH = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private Times() {}

    /**
     * A length of time in its one or two largest units: {@code 0.3s}, {@code 42s}, {@code 3m 5s},
     * {@code 2h 4m}, {@code 3d 1h}.
     */
    static String length(Duration duration) {
        if (duration.isNegative()) {
            return "0s";
        }
        if (duration.compareTo(Duration.ofSeconds(10)) < 0) {
            return duration.toMillis() / 1000 + "." + duration.toMillis() % 1000 / 100 + "s";
        }
        if (duration.toDays() > 0) {
            return two(duration.toDays(), "d", duration.toHoursPart(), "h");
        }
        if (duration.toHours() > 0) {
            return two(duration.toHours(), "h", duration.toMinutesPart(), "m");
        }
        return duration.toMinutes() > 0
                ? two(duration.toMinutes(), "m", duration.toSecondsPart(), "s")
                : duration.toSeconds() + "s";
    }

    /**
     * A length of time as a person writes it: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}.
     *
     * @throws CliFailure where it is none
     */
    static Duration lengthOf(String text, String option) {
        Matcher matcher = LENGTH.matcher(text);
        if (!matcher.matches()) {
            throw new CliFailure(
                    ExitCodes.USAGE,
                    option + " is a time such as 500ms, 30s, 5m or 1h, not '" + text + "'");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static String two(long large, String largeUnit, int small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : " " + small + smallUnit);
    }

    /** How long ago that was, as {@code 5s ago}; {@code -} where it is not known. */
    static String ago(@Nullable Instant then, Instant now) {
        return then == null
                ? "-"
                : length(Duration.ofSeconds(Duration.between(then, now).toSeconds()))
                                .replaceFirst("^(\\d)\\.0s$", "$1s")
                        + " ago";
    }

    /** The time in a message, or null where there is none. */
    static @Nullable Instant parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
