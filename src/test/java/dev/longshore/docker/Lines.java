package dev.longshore.docker;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogRecord.Line;
import dev.longshore.job.LogStream;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Collects what a follow gives. */
final class Lines implements LogSink {
    static final ExecutionId ID = new ExecutionId("test");

    final List<LogRecord> records = new CopyOnWriteArrayList<>();
    final List<String> threads = new CopyOnWriteArrayList<>();

    static LogRequest of(String containerId) {
        return new LogRequest(containerId, ID, 1, 0);
    }

    @Override
    public void accept(List<? extends LogRecord> batch) {
        threads.add(Thread.currentThread().getName());
        records.addAll(batch);
    }

    List<Line> lines() {
        return records.stream().filter(Line.class::isInstance).map(Line.class::cast).toList();
    }

    /**
     * Each line as {@code out|text} or {@code err|text}, {@code +} before the text's end where it
     * goes on.
     */
    List<String> texts() {
        return lines().stream().map(Lines::text).toList();
    }

    static String text(Line line) {
        return (line.stream() == LogStream.STDOUT ? "out|" : "err|")
                + new String(line.bytes(), StandardCharsets.UTF_8)
                + (line.partial() ? "+" : "");
    }

    /** Everything that makes two readings equal. */
    List<String> exact() {
        return lines().stream()
                .map(line -> line.seq() + "|" + line.time() + "|" + text(line))
                .toList();
    }
}
