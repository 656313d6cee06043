package dev.longshore.executor;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * How the engine's containers are compared with what the executor knows.
 *
 * @param every how often
 * @param grace how long a container must have been without anybody who looks after it
 * @param mode what is done then
 */
public record ReconcileRules(Duration every, Duration grace, Mode mode) {
    /** Every five minutes, after five minutes. */
    public static final ReconcileRules DEFAULTS =
            new ReconcileRules(Duration.ofMinutes(5), Duration.ofMinutes(5), Mode.REMOVE);

    /** Refuses nulls by name, and a comparison without a pause. */
    public ReconcileRules {
        Objects.requireNonNull(every, "every");
        Objects.requireNonNull(grace, "grace");
        Objects.requireNonNull(mode, "mode");
        if (every.isZero() || every.isNegative() || grace.isNegative()) {
            throw new IllegalArgumentException("every must be above 0, grace not below");
        }
    }

    /** What is done about a difference. */
    public enum Mode {
        /** What was reported is removed, what was not is taken on again. */
        REMOVE,
        /** It is named in the node's own log. */
        DRY_RUN,
        /** Nothing is compared. */
        OFF;

        /** The name in settings. */
        public String settingName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
