package dev.longshore.wire;

import dev.longshore.job.Reason;
import dev.longshore.job.Retry;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The field {@code retry} of a start command; a broken rule is a {@link RefusedException}. Any
 * thread.
 */
final class RetryReader {
    private static final Duration LONGEST_BACKOFF = Duration.ofHours(1);

    private RetryReader() {}

    static Retry read(Given given) {
        Integer attempts = given.field("maxAttempts").count();
        Duration backoff = given.field("backoff").duration();
        if (backoff != null && backoff.compareTo(LONGEST_BACKOFF) > 0) {
            throw given.field("backoff").refused("must be at most an hour");
        }
        return new Retry(
                attempts == null ? Retry.NONE.maxAttempts() : attempts,
                reasons(given.field("on")),
                backoff == null ? Retry.NONE.backoff() : backoff);
    }

    private static Set<Reason> reasons(Given given) {
        if (given.isAbsent()) {
            return Retry.NONE.on();
        }
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        for (String name : given.words()) {
            reasons.add(Reason.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return reasons;
    }
}
