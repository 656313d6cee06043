package dev.longshore.job;

/**
 * Where the time of an execution went, each in milliseconds.
 *
 * @param queued from acceptance until capacity was granted
 * @param pull fetching the image
 * @param create creating and starting the container
 * @param run from the program's start to its exit
 */
public record PhaseMillis(long queued, long pull, long create, long run) {
    /** Refuses negative times. */
    public PhaseMillis {
        Checks.atLeast(0, queued, "queued");
        Checks.atLeast(0, pull, "pull");
        Checks.atLeast(0, create, "create");
        Checks.atLeast(0, run, "run");
    }
}
