package dev.longshore.job;

/**
 * The whole of an execution's log, counted.
 *
 * @param topic the topic of log lines
 * @param partition its partition
 * @param firstOffset offset of the first line, -1 where there is none
 * @param lastOffset offset of the last line, -1 where there is none
 * @param lines how many lines, a line cut in pieces counting once a piece
 * @param bytes how many bytes, newlines left out
 * @param complete false where a line may be missing
 */
public record LogSummary(
        String topic, int partition, long firstOffset, long lastOffset, long lines, long bytes, boolean complete) {
    /** Refuses impossible counts. */
    public LogSummary {
        Checks.required(topic, "topic");
        Checks.atLeast(-1, partition, "partition");
        Checks.atLeast(-1, firstOffset, "firstOffset");
        Checks.atLeast(-1, lastOffset, "lastOffset");
        Checks.atLeast(0, lines, "lines");
        Checks.atLeast(0, bytes, "bytes");
    }
}
