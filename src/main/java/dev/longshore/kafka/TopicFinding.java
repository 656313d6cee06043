package dev.longshore.kafka;

import java.util.Objects;

/**
 * How one topic is, against what it should be.
 *
 * @param topic its name
 * @param verdict what that means
 * @param detail what was found, one line
 */
public record TopicFinding(String topic, Verdict verdict, String detail) {
    /** Refuses nulls by name. */
    public TopicFinding {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(detail, "detail");
    }

    /** What a finding means. */
    public enum Verdict {
        /** As it would be created, or better. */
        OK,
        /** Not there: the next node that starts creates it. */
        MISSING,
        /** Works, and not as the settings say. */
        DIFFERS,
        /** A promise does not hold with it. */
        WRONG
    }
}
