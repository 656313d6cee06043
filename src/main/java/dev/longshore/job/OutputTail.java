package dev.longshore.job;

/**
 * The end of what a program printed, as carried inline by its result.
 *
 * @param stdout the last 64 KiB of standard output, invalid UTF-8 replaced
 * @param stderr the last 64 KiB of standard error
 * @param stdoutTruncated whether there was more on standard output
 * @param stderrTruncated whether there was more on standard error
 */
public record OutputTail(String stdout, String stderr, boolean stdoutTruncated, boolean stderrTruncated) {
    /** Nothing printed. */
    public static final OutputTail EMPTY = new OutputTail("", "", false, false);

    /** Refuses nulls. */
    public OutputTail {
        Checks.required(stdout, "stdout");
        Checks.required(stderr, "stderr");
    }
}
