package dev.longshore.job;

import java.util.Objects;
import java.util.regex.Pattern;

/** The argument checks that the records of this package share; every failure names the field. */
final class Checks {
    /** The alphabet of every id: safe as a container name, a label value, a file name and a URL segment. */
    static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private Checks() {}

    static <T> T required(T value, String field) {
        return Objects.requireNonNull(value, field);
    }

    static String id(String value, String field) {
        required(value, field);
        if (!ID.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    field + " must be 1 to 64 letters, digits, '_' or '-', starting with a letter or digit");
        }
        return value;
    }

    static long atLeast(long minimum, long value, String field) {
        if (value < minimum) {
            throw new IllegalArgumentException(field + " must be at least " + minimum + ", was " + value);
        }
        return value;
    }
}
