package dev.longshore.board;

import dev.longshore.job.LogRecord;

import io.vertx.core.buffer.Buffer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Consecutive lines of one attempt, told to everybody who follows them as one value: however many
 * read, each form of it is written once. Never empty. Any thread.
 */
public final class LineRun {
    /** The most that a run weighs, unless one line alone does: small beside a reader's queue. */
    static final int MAX_WEIGHT = 16 << 10;

    /** Of a run that more than so many read, so many still count it. */
    private static final int MOST_SHARES = 16;

    private final List<LogRecord.Line> lines;
    private final int weight;
    private final int share;
    private final Map<Object, List<Buffer>> written = new ConcurrentHashMap<>(2);

    /** Lines in a row, which so many readers are told. */
    LineRun(List<LogRecord.Line> lines, int readers) {
        this.lines = List.copyOf(lines);
        this.weight = lines.stream().mapToInt(TailQueue::weigh).sum();
        this.share = weight / Math.clamp(readers, 1, MOST_SHARES);
    }

    /** Whether this line goes on where the others end. */
    static boolean continues(LogRecord.Line last, LogRecord.Line next) {
        return next.attempt() == last.attempt() && next.seq() == last.seq() + 1;
    }

    /** The lines. */
    public List<LogRecord.Line> lines() {
        return lines;
    }

    /** The attempt of all of them. */
    public int attempt() {
        return lines.getFirst().attempt();
    }

    /** The seq of the first. */
    public long firstSeq() {
        return lines.getFirst().seq();
    }

    /** The seq of the last. */
    public long lastSeq() {
        return lines.getLast().seq();
    }

    int weight() {
        return weight;
    }

    /** What one reader's keeping it costs, since it is there once for all of them. */
    int share() {
        return share;
    }

    /**
     * What {@code writer} makes of the lines, made once for each form; nobody may change it.
     *
     * @param form tells forms apart, by equality
     */
    public List<Buffer> written(Object form, Function<List<LogRecord.Line>, List<Buffer>> writer) {
        return written.computeIfAbsent(form, absent -> List.copyOf(writer.apply(lines)));
    }
}
