package dev.longshore.docker;

import java.util.Objects;

/**
 * What a command run inside a container came to.
 *
 * @param exitCode of the command
 * @param stdout what it printed on standard output, at most 1 MiB
 * @param stderr the same for standard error
 * @param truncated whether there was more
 */
public record ExecResult(int exitCode, String stdout, String stderr, boolean truncated) {
    /** Refuses nulls by name. */
    public ExecResult {
        Objects.requireNonNull(stdout, "stdout");
        Objects.requireNonNull(stderr, "stderr");
    }
}
