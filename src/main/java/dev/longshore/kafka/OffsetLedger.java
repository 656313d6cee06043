package dev.longshore.kafka;

import java.util.TreeSet;

/**
 * Which offsets of one partition may be committed: all below the first one that is still in
 * custody. Pure bookkeeping, for one thread; the offsets of a partition may have holes, as
 * compaction and transactions leave.
 */
final class OffsetLedger {
    private static final long NOTHING = -1;

    private final TreeSet<Long> outstanding = new TreeSet<>();
    private long next = NOTHING;
    private long committed = NOTHING;

    /** Notes a record that was handed out; offsets only grow. */
    void delivered(long offset) {
        if (offset < next) {
            throw new IllegalArgumentException("offset " + offset + " comes after " + (next - 1));
        }
        if (next == NOTHING) {
            // Reading began here, so that all below is committed already.
            committed = offset;
        }
        outstanding.add(offset);
        next = offset + 1;
    }

    /**
     * Notes that somebody else is responsible for the record now. Harmless when repeated or never
     * delivered.
     */
    void done(long offset) {
        outstanding.remove(offset);
    }

    /** How many records are in custody. */
    int outstanding() {
        return outstanding.size();
    }

    /** Whether {@link #committable()} has grown past what was committed. */
    boolean hasCommittable() {
        return next != NOTHING && committable() > committed;
    }

    /**
     * The offset to commit, the first that must be read again; -1 before anything was delivered.
     */
    long committable() {
        return outstanding.isEmpty() ? next : outstanding.first();
    }

    /** Notes what the broker confirmed. */
    void committed(long offset) {
        committed = Math.max(committed, offset);
    }
}
