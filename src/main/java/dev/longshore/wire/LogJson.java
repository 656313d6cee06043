package dev.longshore.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.LogRecord;
import dev.longshore.job.Reason;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * The records of a log stream as HTTP clients see them: one JSON object each, as UTF-8, without a
 * newline before or behind it, and with none inside. Any thread.
 */
public final class LogJson {
    private LogJson() {}

    /**
     * The first record of a stream.
     *
     * @param nextSeq the seq of the next line that will be written
     */
    public static byte[] hello(
            ExecutionId executionId, int attempt, ExecutionState state, long nextSeq) {
        return Json.bytes(
                typed("hello")
                        .put("executionId", executionId.value())
                        .put("attempt", attempt)
                        .put("state", state.wireName())
                        .put("nextSeq", nextSeq));
    }

    /** A line, or a piece of one; what is not UTF-8 in it becomes U+FFFD. */
    public static byte[] line(LogRecord.Line line) {
        ObjectNode tree =
                typed("log")
                        .put("seq", line.seq())
                        .put("time", Json.nanos(line.time()))
                        .put("stream", line.stream().wireName())
                        .put("text", text(line));
        return Json.bytes(line.partial() ? tree.put("partial", true) : tree);
    }

    /** The text of a line; what is not UTF-8 in it becomes U+FFFD. */
    public static String text(LogRecord.Line line) {
        return new String(line.bytes(), StandardCharsets.UTF_8);
    }

    /**
     * Lines that this reader does not get.
     *
     * @param from seq of the first of them, or null where it is not known
     * @param to seq of the last of them, or null where it is not known
     * @param reason why, such as {@code slow-consumer}, {@code retention} or {@code engine-restart}
     */
    public static byte[] gap(@Nullable Long from, @Nullable Long to, String reason) {
        return Json.bytes(typed("gap").put("from", from).put("to", to).put("reason", reason));
    }

    /** The execution moved on; reason and message are left out where they are null. */
    public static byte[] state(
            ExecutionState state, @Nullable Reason reason, @Nullable String message) {
        ObjectNode tree = typed("state").put("state", state.wireName());
        if (reason != null) {
            tree.put("reason", reason.wireName());
        }
        return Json.bytes(message == null ? tree : tree.put("message", message));
    }

    /**
     * The last record of a stream.
     *
     * @param lastSeq seq of the last line, -1 where there is none
     * @param complete false where a line may be missing
     */
    public static byte[] end(ExecutionState state, int exitCode, long lastSeq, boolean complete) {
        return Json.bytes(
                typed("end")
                        .put("state", state.wireName())
                        .put("exitCode", exitCode)
                        .put("lastSeq", lastSeq)
                        .put("complete", complete));
    }

    private static ObjectNode typed(String type) {
        return Json.object().put("type", type);
    }
}
