package dev.longshore.job;

/**
 * What a command that was run beside a program came to.
 *
 * @param exitCode of the command; 126 or 127 where it could not be run
 * @param stdout the beginning of what it printed on standard output, at most 1 MiB, invalid UTF-8
 *     replaced
 * @param stderr the same for standard error
 * @param truncated whether it printed more
 */
public record ExecAnswer(int exitCode, String stdout, String stderr, boolean truncated) {
    /** Refuses nulls by name. */
    public ExecAnswer {
        Checks.required(stdout, "stdout");
        Checks.required(stderr, "stderr");
    }
}
