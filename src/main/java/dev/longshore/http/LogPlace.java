package dev.longshore.http;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a client has read a log: {@code <attempt>-<seq>}, or {@code <seq>} of the latest attempt.
 *
 * @param attempt the attempt, 0 where it is not said
 * @param seq the last line that it has, -1 for none
 * @param isEnd whether it has seen the end
 */
record LogPlace(int attempt, long seq, boolean isEnd) {
    private static final LogPlace START = new LogPlace(0, -1, false);
    private static final Pattern EVENT = Pattern.compile("([0-9]{1,9})-([0-9]{1,18}|end)");
    private static final Pattern PLACE = Pattern.compile("(?:([1-9][0-9]{0,8})-)?([0-9]{1,18})");

    /** Reads the parameter {@code after}; throws the 400. */
    static LogPlace of(@Nullable String after) {
        if (after == null) {
            return START;
        }
        Matcher place = PLACE.matcher(after);
        if (!place.matches()) {
            throw Problem.parameter(
                            "after",
                            "It must be the number of a line, with its attempt and a dash in front"
                                    + " or without: 1-812, 812.")
                    .thrown();
        }
        int attempt = place.group(1) == null ? 0 : Integer.parseInt(place.group(1));
        return new LogPlace(attempt, Long.parseLong(place.group(2)), false);
    }

    /** Reads an event id; throws the 400. */
    static LogPlace ofEvent(@Nullable String id) {
        Matcher event = EVENT.matcher(String.valueOf(id));
        if (!event.matches()) {
            throw Problem.parameter("Last-Event-ID", "It is not an event id that was given here.")
                    .thrown();
        }
        int attempt = Integer.parseInt(event.group(1));
        return event.group(2).equals("end")
                ? new LogPlace(attempt, -1, true)
                : new LogPlace(attempt, Long.parseLong(event.group(2)), false);
    }
}
