package dev.longshore.wire;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.LogRecord;
import dev.longshore.job.LogStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Log records from and to Kafka records; the exact forms are told at {@link EventCodec#log}. Any thread. */
final class LogHeaders {
    private static final Pattern GAP = Pattern.compile("(.*); missing=(unknown|[0-9]{1,18})", Pattern.DOTALL);
    private static final Pattern END = Pattern.compile("lines=([0-9]{1,18}); complete=(true|false)");
    private static final byte[] NOTHING = new byte[0];

    private LogHeaders() {}

    static Message write(LogRecord entry) {
        String key = entry.executionId().value();
        Header attempt = Header.of("attempt", Integer.toString(entry.attempt()));
        return switch (entry) {
            case LogRecord.Line line -> Message.of(key, line.bytes(), line(line, attempt));
            case LogRecord.Gap gap -> {
                String missing = gap.missingLines() < 0 ? "unknown" : Long.toString(gap.missingLines());
                yield Message.of(
                        key, NOTHING, List.of(Header.of("gap", gap.reason() + "; missing=" + missing), attempt));
            }
            case LogRecord.End end -> {
                String text = "lines=" + end.lines() + "; complete=" + end.complete();
                yield Message.of(key, NOTHING, List.of(Header.of("end", text), attempt));
            }
        };
    }

    private static List<Header> line(LogRecord.Line line, Header attempt) {
        List<Header> headers = new ArrayList<>(List.of(
                Header.of("seq", Long.toString(line.seq())),
                Header.of("stream", line.stream().wireName()),
                Header.of("time", Json.nanos(line.time())),
                attempt));
        if (line.partial()) {
            headers.add(Header.of("partial", "1"));
        }
        return headers;
    }

    static LogRecord read(Message message) {
        ExecutionId id = id(message.key());
        int attempt = (int) number(message, "attempt", Integer.MAX_VALUE);
        String end = message.header("end");
        if (end != null) {
            Matcher parts = matched(END, end, "end");
            return new LogRecord.End(id, attempt, Long.parseLong(parts.group(1)), Boolean.parseBoolean(parts.group(2)));
        }
        String gap = message.header("gap");
        if (gap != null) {
            Matcher parts = matched(GAP, gap, "gap");
            String missing = parts.group(2);
            return new LogRecord.Gap(
                    id, attempt, parts.group(1), missing.equals("unknown") ? -1 : Long.parseLong(missing));
        }
        byte[] value = message.value();
        return new LogRecord.Line(
                id,
                attempt,
                number(message, "seq", Long.MAX_VALUE),
                stream(required(message, "stream")),
                time(required(message, "time")),
                value == null ? NOTHING : value,
                "1".equals(message.header("partial")));
    }

    private static ExecutionId id(byte @Nullable [] key) {
        String id = key == null ? "" : new String(key, StandardCharsets.UTF_8);
        if (!ExecutionId.isValid(id)) {
            throw new WireException("the key " + Quote.of(id) + " is not an execution id");
        }
        return new ExecutionId(id);
    }

    private static String required(Message message, String name) {
        String text = message.header(name);
        if (text == null) {
            throw new WireException("header " + name + " is missing");
        }
        return text;
    }

    private static long number(Message message, String name, long most) {
        String text = required(message, name);
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new WireException("header " + name + " is not a number: " + Quote.of(text), e);
        }
        throw new WireException("header " + name + " is out of range: " + Quote.of(text));
    }

    private static LogStream stream(String text) {
        for (LogStream stream : LogStream.values()) {
            if (stream.wireName().equals(text)) {
                return stream;
            }
        }
        throw new WireException("header stream is neither stdout nor stderr: " + Quote.of(text));
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new WireException("header time is not a time: " + Quote.of(text), e);
        }
    }

    private static Matcher matched(Pattern pattern, String text, String name) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new WireException("header " + name + " is not in its form: " + Quote.of(text));
        }
        return matcher;
    }
}
