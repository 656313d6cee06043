package dev.longshore.executor;

import java.time.Duration;
import java.util.Objects;

/**
 * How the node fetches what jobs name by URL.
 *
 * @param maxBytes most bytes of all such files of one attempt
 * @param silence how long a server may say nothing
 * @param total how long one file may take in all
 */
public record InputRules(long maxBytes, Duration silence, Duration total) {
    /** 1 GiB, a minute, half an hour. */
    public static final InputRules DEFAULTS =
            new InputRules(1L << 30, Duration.ofMinutes(1), Duration.ofMinutes(30));

    /** Refuses nulls by name, and a size below one. */
    public InputRules {
        Objects.requireNonNull(silence, "silence");
        Objects.requireNonNull(total, "total");
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes must be at least 1");
        }
    }
}
