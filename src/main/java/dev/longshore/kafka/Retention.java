package dev.longshore.kafka;

import java.time.Duration;

/**
 * How long the topics that are created here keep what they have. Existing topics are left as they
 * are.
 *
 * @param jobs start commands, 7 days
 * @param control other commands, 1 day
 * @param statusBeforeCompaction status events before compaction may leave only the last of each
 *     execution, 7 days
 * @param results result events, 30 days
 * @param logs log lines, 7 days
 * @param deadLetters refused records, 30 days
 */
public record Retention(
        Duration jobs,
        Duration control,
        Duration statusBeforeCompaction,
        Duration results,
        Duration logs,
        Duration deadLetters) {
    /** Refuses what is not a positive duration. */
    public Retention {
        positive(jobs, "jobs");
        positive(control, "control");
        positive(statusBeforeCompaction, "statusBeforeCompaction");
        positive(results, "results");
        positive(logs, "logs");
        positive(deadLetters, "deadLetters");
    }

    /** The durations of the contract. */
    public static Retention defaults() {
        Duration week = Duration.ofDays(7);
        Duration month = Duration.ofDays(30);
        return new Retention(week, Duration.ofDays(1), week, month, week, month);
    }

    private static void positive(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be longer than nothing, was " + value);
        }
    }
}
