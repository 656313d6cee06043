package dev.longshore.http;

import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The body of a request to run a command: {@code {"command":["sh","-c","…"]}}, read strictly.
 *
 * @param command its words, at least one
 */
record ExecBody(List<String> command) {
    ExecBody {
        command = List.copyOf(command);
    }

    /** Reads it; throws the 400 that names what is wrong. */
    static ExecBody of(@Nullable Buffer body) {
        JsonObject fields = JsonBody.of(body);
        for (String name : fields.fieldNames()) {
            if (!name.equals("command")) {
                throw refused(RefusalCode.UNKNOWN_FIELD, "/" + name, "There is no such field.");
            }
        }
        Object command = fields.getValue("command");
        if (command == null) {
            throw refused(RefusalCode.MISSING_FIELD, "/command", "It says what to run.");
        }
        List<String> words = new ArrayList<>();
        if (command instanceof JsonArray array) {
            array.forEach(
                    word -> {
                        if (word instanceof String text && text.indexOf('\0') < 0) {
                            words.add(text);
                        }
                    });
            if (words.size() == array.size() && !words.isEmpty()) {
                return new ExecBody(words);
            }
        }
        throw refused(
                RefusalCode.INVALID_COMMAND,
                "/command",
                "It must be an array of words, with at least one, none with a NUL.");
    }

    private static Problem.Thrown refused(RefusalCode code, String field, String message) {
        return Problem.of(new Refusal(code, field, message)).thrown();
    }
}
