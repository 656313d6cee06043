package dev.longshore.job;

/**
 * Where in a topic an execution's log starts: no line of it stands before.
 *
 * @param topic the topic of log lines
 * @param partition its partition; all lines of one execution are in one
 * @param offset the first offset to read
 */
public record LogPosition(String topic, int partition, long offset) {
    /** Refuses negative numbers. */
    public LogPosition {
        Checks.required(topic, "topic");
        Checks.atLeast(0, partition, "partition");
        Checks.atLeast(0, offset, "offset");
    }
}
