package dev.longshore.board;

/**
 * How much a board keeps.
 *
 * @param maxExecutions most executions kept, default 10,000; beyond, those that ended are forgotten
 *     first, oldest first
 * @param maxHistory most status events kept of one execution, default 200; beyond, the oldest but
 *     the very first go
 * @param maxQueuedBytes most bytes that wait for one slow log reader, default 1 MiB
 * @param maxTails most log readers at once, default 1,000
 */
public record BoardSettings(int maxExecutions, int maxHistory, int maxQueuedBytes, int maxTails) {
    private static final BoardSettings DEFAULTS = new BoardSettings(10_000, 200, 1 << 20, 1_000);

    /** Refuses what would leave nothing to keep. */
    public BoardSettings {
        atLeast(1, maxExecutions, "maxExecutions");
        atLeast(2, maxHistory, "maxHistory");
        atLeast(1 << 10, maxQueuedBytes, "maxQueuedBytes");
        atLeast(1, maxTails, "maxTails");
    }

    /** The defaults stated above. */
    public static BoardSettings defaults() {
        return DEFAULTS;
    }

    private static void atLeast(int minimum, int value, String field) {
        if (value < minimum) {
            throw new IllegalArgumentException(
                    field + " must be at least " + minimum + ", was " + value);
        }
    }
}
