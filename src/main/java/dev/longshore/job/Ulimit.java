package dev.longshore.job;

/**
 * A limit of the kernel's, per process.
 *
 * @param soft what holds, -1 for none
 * @param hard how far a program may raise it, -1 for no bound
 */
public record Ulimit(long soft, long hard) {
    /** Refuses a soft limit above the hard one. */
    public Ulimit {
        Checks.atLeast(-1, soft, "soft");
        Checks.atLeast(-1, hard, "hard");
        if (hard >= 0 && (soft < 0 || soft > hard)) {
            throw new IllegalArgumentException("the soft limit must not be above the hard one");
        }
    }
}
