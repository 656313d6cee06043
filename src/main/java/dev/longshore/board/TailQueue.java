package dev.longshore.board;

import dev.longshore.job.LogRecord;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What waits for one reader of a log: filled on the board's context, emptied on the reader's, so
 * every method takes the lock. Bounded in bytes by its filler: either it stops at {@link #full()},
 * or it lets go of the oldest.
 */
final class TailQueue {
    private static final Counter DROPPED = dropped();

    /** The counter of what was dropped: told as nought before anybody reads. */
    static Counter dropped() {
        return Counter.builder("longshore.tail.dropped.lines")
                .description("Lines that slow readers of logs did not get")
                .register(Metrics.globalRegistry);
    }

    /** What a record weighs beyond its bytes, roughly. */
    private static final int RECORD_BYTES = 64;

    /**
     * So many times more waits for a reader whose client takes what it gets: it is us who are late.
     */
    private static final int PATIENCE = 4;

    private final int maxBytes;
    private final Runnable readable;
    private final Runnable drained;
    private final Deque<TailRecord> records = new ArrayDeque<>();

    /** What goes before everything else: the attempts, and what was dropped of earlier ones. */
    private final List<TailRecord> heads = new ArrayList<>();

    private TailRecord.@Nullable Gap dropped;
    private long bytes;

    /** As {@link #bytes}, but of what others read too only a share. */
    private long held;

    private boolean readerIdle = true;
    private boolean fillerWaits;
    private boolean blocked;

    /**
     * @param maxBytes when the queue is full
     * @param readable called, from the filler's thread, when the reader has seen the queue empty
     *     and it is not any more
     * @param drained called, from the reader's thread, when {@link #full()} or {@link #busy()} was
     *     true and the queue is half empty now
     */
    TailQueue(int maxBytes, Runnable readable, Runnable drained) {
        this.maxBytes = maxBytes;
        this.readable = readable;
        this.drained = drained;
    }

    /** Adds, however full. */
    void add(TailRecord record) {
        boolean wake;
        synchronized (this) {
            put(record);
            wake = readerIdle;
            readerIdle = false;
        }
        if (wake) {
            readable.run();
        }
    }

    /**
     * Adds; where that is too much, the oldest go and the reader is told of the gap. What is too
     * much depends on who is late.
     */
    void addOrDropOldest(TailRecord record) {
        boolean wake;
        synchronized (this) {
            put(record);
            while (tooMuch() && records.size() > 1) {
                drop(records.removeFirst());
            }
            wake = readerIdle;
            readerIdle = false;
        }
        if (wake) {
            readable.run();
        }
    }

    /**
     * The next records, about {@code limit} bytes of them and at least one; empty where there is
     * none.
     */
    List<TailRecord> poll(int limit) {
        List<TailRecord> taken = new ArrayList<>();
        boolean tellFiller;
        synchronized (this) {
            takeHeads(taken);
            blocked = false;
            long weight = 0;
            while (!records.isEmpty()
                    && (taken.isEmpty() || weight + weigh(records.getFirst()) <= limit)) {
                TailRecord next = records.removeFirst();
                weight += weigh(next);
                bytes -= weigh(next);
                held -= share(next);
                taken.add(next);
            }
            readerIdle = taken.isEmpty();
            tellFiller = fillerWaits && bytes <= maxBytes / 2;
            fillerWaits &= !tellFiller;
        }
        if (tellFiller) {
            drained.run();
        }
        return taken;
    }

    /** The reader's client takes nothing: until the next {@link #poll}. */
    synchronized void blocked() {
        blocked = true;
    }

    /** Whether the filler should stop; it is told when to go on. */
    synchronized boolean full() {
        boolean full = bytes >= maxBytes;
        fillerWaits |= full;
        return full;
    }

    /** Whether more than half is taken; if so the filler is told when that has changed. */
    synchronized boolean busy() {
        boolean busy = bytes > maxBytes / 2;
        fillerWaits |= busy;
        return busy;
    }

    /** How much waits, for tests. */
    synchronized int bytes() {
        return (int) bytes;
    }

    static int weigh(TailRecord record) {
        return switch (record) {
            case TailRecord.Line(LogRecord.Line line) -> weigh(line);
            case TailRecord.Lines(LineRun run) -> run.weight();
            default -> RECORD_BYTES;
        };
    }

    private static int share(TailRecord record) {
        return record instanceof TailRecord.Lines(LineRun run) ? run.share() : weigh(record);
    }

    private boolean tooMuch() {
        return blocked ? bytes > maxBytes : held > (long) maxBytes * PATIENCE;
    }

    static int weigh(LogRecord record) {
        return record instanceof LogRecord.Line line
                ? line.bytes().length + RECORD_BYTES
                : RECORD_BYTES;
    }

    private void put(TailRecord record) {
        if (record instanceof TailRecord.Hello && records.isEmpty() && dropped == null) {
            heads.add(record);
        } else {
            records.addLast(record);
            bytes += weigh(record);
            held += share(record);
        }
    }

    private void takeHeads(List<TailRecord> taken) {
        taken.addAll(heads);
        heads.clear();
        if (dropped != null) {
            taken.add(dropped);
            dropped = null;
        }
    }

    private void drop(TailRecord record) {
        bytes -= weigh(record);
        held -= share(record);
        if (record instanceof TailRecord.Line line) {
            DROPPED.increment();
            widen(line.line().seq(), line.line().seq());
        } else if (record instanceof TailRecord.Lines(LineRun run)) {
            DROPPED.increment(run.lines().size());
            widen(run.firstSeq(), run.lastSeq());
        } else if (record instanceof TailRecord.Gap gap) {
            widen(gap.from(), Math.max(gap.from() - 1, gap.to()));
        } else if (record instanceof TailRecord.Hello) {
            // The count starts again here: what is missing of one attempt says nothing of the next.
            if (dropped != null) {
                heads.add(dropped);
                dropped = null;
            }
            heads.add(record);
        }
    }

    private void widen(long from, long to) {
        dropped =
                dropped == null
                        ? new TailRecord.Gap(from, to, TailRecord.Gap.SLOW_CONSUMER)
                        : new TailRecord.Gap(
                                Math.min(dropped.from(), from),
                                Math.max(dropped.to(), to),
                                TailRecord.Gap.SLOW_CONSUMER);
    }
}
