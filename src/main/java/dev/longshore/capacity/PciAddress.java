package dev.longshore.capacity;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PCI addresses in the one form in which we compare and show them: {@code 0000:65:00.0}. */
final class PciAddress {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:([0-9a-f]{1,8}):)?([0-9a-f]{2}):([0-9a-f]{2})\\.([0-7])",
                    Pattern.CASE_INSENSITIVE);
    private static final int HEX = 16;

    private PciAddress() {}

    /**
     * In our form, whether it came with a domain of eight digits ({@code nvidia-smi}), of four (the
     * kernel) or without one; null where it is no PCI address.
     */
    static @Nullable String normalised(@Nullable String address) {
        if (address == null) {
            return null;
        }
        Matcher parts = FORM.matcher(address.strip());
        if (!parts.matches()) {
            return null;
        }
        String domain = parts.group(1);
        long number = domain == null ? 0 : Long.parseLong(domain, HEX);
        return String.format(
                        Locale.ROOT,
                        "%04x:%s:%s.%s",
                        number,
                        parts.group(2),
                        parts.group(3),
                        parts.group(4))
                .toLowerCase(Locale.ROOT);
    }
}
