package dev.longshore.board;

import dev.longshore.job.LogRecord;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Live records kept aside while history is read, up to a bound in bytes; beyond it all of them go.
 * One thread.
 */
final class Aside {
    private static final int RECORD_BYTES = 64;

    private final int maxBytes;
    private final Deque<LogRecord> records = new ArrayDeque<>();
    private long bytes;
    private boolean overflowed;

    Aside(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Starts anew. */
    void reset() {
        records.clear();
        bytes = 0;
        overflowed = false;
    }

    void keep(LogRecord entry) {
        if (overflowed) {
            return;
        }
        records.addLast(entry);
        bytes +=
                entry instanceof LogRecord.Line line
                        ? line.bytes().length + RECORD_BYTES
                        : RECORD_BYTES;
        if (bytes > maxBytes) {
            records.clear();
            overflowed = true;
        }
    }

    /** Whether some went: history has to be read again to have them. */
    boolean overflowed() {
        return overflowed;
    }

    /** Gives what was kept, in order, and keeps it no more. */
    void release(Consumer<LogRecord> to) {
        while (!records.isEmpty()) {
            to.accept(records.removeFirst());
        }
        bytes = 0;
    }
}
