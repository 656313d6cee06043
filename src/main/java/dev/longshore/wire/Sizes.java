package dev.longshore.wire;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sizes as people write them: {@code 64MiB}, {@code 1.5GB}, or plain bytes. Any thread. */
final class Sizes {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,9})?) ?(B|[KMG]i?B)?");

    private static final Map<String, Long> UNITS = Map.of(
            "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "KB", 1_000L, "MB", 1_000_000L, "GB", 1_000_000_000L);

    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private Sizes() {}

    /** The bytes, parts of one dropped, or null where the text is no size or more than a long holds. */
    static @Nullable Long parse(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            return null;
        }
        String unit = size.group(2) == null ? "B" : size.group(2);
        return whole(new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(UNITS.getOrDefault(unit, 1L))));
    }

    /** The number as a long, what is behind the point dropped; null where it does not fit. */
    static @Nullable Long whole(BigDecimal number) {
        return number.abs().compareTo(MOST) > 0 ? null : number.setScale(0, RoundingMode.DOWN).longValueExact();
    }
}
