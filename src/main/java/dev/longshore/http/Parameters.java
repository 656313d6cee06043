package dev.longshore.http;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The query of one request, read strictly: whatever is unknown, repeated or malformed is refused by
 * name.
 */
final class Parameters {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern EPOCH_SECONDS =
            Pattern.compile("([0-9]{1,12})(?:\\.([0-9]{1,9}))?");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private final MultiMap values;

    private Parameters(MultiMap values) {
        this.values = values;
    }

    /** The query of a request that knows only these parameters. */
    static Parameters of(RoutingContext context, Set<String> known) {
        MultiMap values;
        try {
            values = context.queryParams();
        } catch (RuntimeException e) {
            // Vert.x decodes the query here: what it cannot decode is the client's mistake.
            throw Problem.ofStatus(400, "The query is not properly encoded.").thrown();
        }
        for (String name : values.names()) {
            if (!known.contains(name)) {
                String shown = name.length() > 40 ? name.substring(0, 40) + "…" : name;
                throw Problem.parameter(
                                shown,
                                "There is no such parameter here; known are "
                                        + List.copyOf(known).stream().sorted().toList()
                                        + ".")
                        .thrown();
            }
            if (values.getAll(name).size() > 1) {
                throw Problem.parameter(name, "Give it once.").thrown();
            }
        }
        return new Parameters(values);
    }

    boolean has(String name) {
        return values.contains(name);
    }

    @Nullable String text(String name) {
        return values.get(name);
    }

    boolean flag(String name, boolean otherwise) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        return switch (text) {
            case "true", "1", "" -> true;
            case "false", "0" -> false;
            default -> throw Problem.parameter(name, "It is true or false.").thrown();
        };
    }

    long count(String name, long otherwise) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw Problem.parameter(name, "It must be a whole number, 0 or more.").thrown();
        }
        return Long.parseLong(text);
    }

    /** A duration from nothing to {@code most}. */
    Duration duration(String name, Duration otherwise, Duration most) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        Duration duration = parse(text);
        if (duration == null || duration.isNegative() || duration.compareTo(most) > 0) {
            throw Problem.parameter(
                            name,
                            "It must be a duration such as 30s, at most " + most.toSeconds() + "s.")
                    .thrown();
        }
        return duration;
    }

    /**
     * A moment: RFC 3339, seconds since 1970, or a duration, which means so long ago; null where
     * the parameter is absent.
     */
    @Nullable Instant time(String name, Instant now) {
        return value(
                name,
                text -> moment(text, now),
                "It must be a time: RFC 3339, seconds since 1970, or a duration such as 10m, which"
                        + " means so long ago.");
    }

    private static Instant moment(String text, Instant now) {
        Matcher seconds = EPOCH_SECONDS.matcher(text);
        try {
            if (seconds.matches()) {
                String fraction = seconds.group(2) == null ? "" : seconds.group(2);
                return Instant.ofEpochSecond(
                        Long.parseLong(seconds.group(1)),
                        Long.parseLong((fraction + "000000000").substring(0, 9)));
            }
            Duration ago = parse(text);
            // A plus in a query that nobody encoded has become a blank.
            return ago != null && !ago.isNegative()
                    ? now.minus(ago)
                    : OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A value that {@code read} understands, or null where the parameter is absent. */
    <T> @Nullable T value(String name, Function<String, T> read, String rule) {
        String text = values.get(name);
        if (text == null) {
            return null;
        }
        try {
            return read.apply(text);
        } catch (IllegalArgumentException e) {
            throw Problem.parameter(name, rule).thrown();
        }
    }

    private static @Nullable Duration parse(String text) {
        Matcher simple = DURATION.matcher(text);
        if (simple.matches()) {
            long amount = Long.parseLong(simple.group(1));
            return switch (simple.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
        try {
            return text.equals("0") ? Duration.ZERO : Duration.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
