package dev.longshore.http;

import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

/** Request bodies that are JSON objects. */
final class JsonBody {
    private JsonBody() {}

    /** The object, an empty one where there is no body; throws the 400. */
    static JsonObject of(@Nullable Buffer body) {
        try {
            return body == null || body.length() == 0 ? new JsonObject() : new JsonObject(body);
        } catch (DecodeException | ClassCastException e) {
            throw Problem.of(
                            Refusal.of(
                                    RefusalCode.MALFORMED_JSON, "The body is not a JSON object."))
                    .thrown();
        }
    }
}
