package dev.longshore.http;

import dev.longshore.board.LineRun;
import dev.longshore.board.TailRecord;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import dev.longshore.wire.LogJson;

import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Writes the records of one log stream in one form; remembers what that takes from record to
 * record. One thread.
 */
final class TailEncoder {
    private static final Buffer NOTHING = Buffer.buffer();
    private static final DateTimeFormatter NANOS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'")
                    .withZone(ZoneOffset.UTC);

    /** How long a browser waits before it connects again. */
    private static final int RETRY_MILLIS = 2_000;

    private final LogForm form;
    private final boolean timestamps;
    private final Set<LogStream> midLine = EnumSet.noneOf(LogStream.class);
    private int attempt = 1;

    TailEncoder(LogForm form, boolean timestamps) {
        this.form = form;
        this.timestamps = timestamps;
    }

    /**
     * The record, with what separates it from the next; empty where this form says nothing of it.
     * In pieces of whole lines where that is long; nobody may change them.
     */
    List<Buffer> encode(TailRecord entry) {
        if (!(entry instanceof TailRecord.Lines(LineRun run))) {
            return List.of(one(entry));
        }
        attempt = run.attempt();
        if (form != LogForm.TEXT) {
            return run.written(form, lines -> pack(lines, new TailEncoder(form, false)));
        }
        // What a line of text looks like depends on the one before it, and on the reader.
        return run.lines().stream().map(this::text).toList();
    }

    private static List<Buffer> pack(List<LogRecord.Line> lines, TailEncoder encoder) {
        List<Buffer> packed = new ArrayList<>();
        Buffer last = Buffer.buffer();
        for (LogRecord.Line line : lines) {
            Buffer next = encoder.one(new TailRecord.Line(line));
            if (last.length() > 0 && last.length() + next.length() > TailOutput.MAX_WRITE_BYTES) {
                packed.add(last);
                last = Buffer.buffer();
            }
            last.appendBuffer(next);
        }
        packed.add(last);
        return packed;
    }

    private Buffer one(TailRecord entry) {
        if (entry instanceof TailRecord.Hello hello) {
            attempt = hello.attempt();
        } else if (entry instanceof TailRecord.Line(LogRecord.Line line)) {
            attempt = line.attempt();
        }
        return switch (form) {
            case TEXT -> text(entry);
            case NDJSON -> line(json(entry));
            case EVENTS -> event(entry);
        };
    }

    private Buffer text(TailRecord entry) {
        return switch (entry) {
            case TailRecord.Line(LogRecord.Line line) -> text(line);
            case TailRecord.Gap gap ->
                    Buffer.buffer(
                            "[longshore: "
                                    + lost(gap)
                                    + " not available here: "
                                    + gap.reason()
                                    + "]\n");
            default -> NOTHING;
        };
    }

    private Buffer text(LogRecord.Line line) {
        Buffer out = Buffer.buffer(line.bytes().length + 1);
        if (timestamps && !midLine.contains(line.stream())) {
            out.appendString(time(line.time())).appendByte((byte) ' ');
        }
        out.appendBytes(line.bytes());
        if (line.partial()) {
            midLine.add(line.stream());
        } else {
            midLine.remove(line.stream());
            out.appendByte((byte) '\n');
        }
        return out;
    }

    private static String lost(TailRecord.Gap gap) {
        return gap.to() == TailRecord.Gap.UNKNOWN
                ? "lines before " + gap.from()
                : "lines " + gap.from() + " to " + gap.to();
    }

    private static byte @Nullable [] json(TailRecord entry) {
        return switch (entry) {
            case TailRecord.Hello hello ->
                    LogJson.hello(
                            hello.executionId(), hello.attempt(), hello.state(), hello.nextSeq());
            case TailRecord.Line(LogRecord.Line line) -> LogJson.line(line);
            case TailRecord.Lines lines -> null;
            case TailRecord.Gap gap ->
                    gap.to() == TailRecord.Gap.UNKNOWN
                            ? LogJson.gap(null, null, gap.reason())
                            : LogJson.gap(gap.from(), gap.to(), gap.reason());
            case TailRecord.State state ->
                    LogJson.state(state.state(), state.reason(), state.message());
            case TailRecord.End end ->
                    LogJson.end(end.state(), end.exitCode(), end.lastSeq(), end.complete());
            case TailRecord.UpToDate upToDate -> null;
            case TailRecord.Broken broken -> null;
        };
    }

    private static Buffer line(byte @Nullable [] json) {
        return json == null ? NOTHING : Buffer.buffer(json).appendByte((byte) '\n');
    }

    private Buffer event(TailRecord entry) {
        byte[] json = json(entry);
        if (json == null) {
            return NOTHING;
        }
        String head =
                switch (entry) {
                    case TailRecord.Hello hello -> "retry: " + RETRY_MILLIS + "\nevent: hello\n";
                    case TailRecord.Line(LogRecord.Line line) ->
                            "id: " + attempt + "-" + line.seq() + "\nevent: log\n";
                    case TailRecord.Lines lines -> "";
                    case TailRecord.Gap gap -> "event: gap\n";
                    case TailRecord.State state -> "event: state\n";
                    case TailRecord.Last last -> "id: " + attempt + "-end\nevent: end\n";
                };
        return Buffer.buffer(head).appendString("data: ").appendBytes(json).appendString("\n\n");
    }

    private static String time(Instant time) {
        return NANOS.format(time);
    }
}
