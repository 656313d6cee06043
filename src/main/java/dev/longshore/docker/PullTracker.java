package dev.longshore.docker;

import dev.longshore.job.PullState;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** Folds the items of a pull's progress. Pure; one pull, one thread. */
final class PullTracker {
    private final String what;
    private final Map<String, Layer> layers = new HashMap<>();
    private @Nullable DockerFailure failure;

    PullTracker(String what) {
        this.what = what;
    }

    /** The next item; any of them may be an error, the last one included. */
    void item(JsonObject item) {
        JsonObject detail = item.getJsonObject("errorDetail");
        String error = detail == null ? item.getString("error") : detail.getString("message");
        if (error != null || detail != null) {
            int code =
                    detail == null || detail.getInteger("code") == null
                            ? 0
                            : detail.getInteger("code");
            failure =
                    DockerFailures.pullRefused(
                            what, code, error == null ? "the engine did not say why" : error);
            return;
        }
        String id = item.getString("id");
        String status = item.getString("status", "");
        if (id == null || status.startsWith("Pulling from")) {
            return;
        }
        Layer layer = layers.computeIfAbsent(id, _ -> new Layer());
        switch (status) {
            case "Downloading" -> layer.downloading(item.getJsonObject("progressDetail"));
            case "Download complete", "Verifying Checksum", "Extracting" ->
                    layer.current = layer.total;
            case "Pull complete", "Already exists" -> {
                layer.current = layer.total;
                layer.done = true;
            }
            default -> {} // waiting, or a word of a later engine: the layer is counted, no more
        }
    }

    /** What went wrong so far, null for nothing. */
    @Nullable DockerFailure failure() {
        return failure;
    }

    PullState progress() {
        int done = 0;
        long current = 0;
        long total = 0;
        for (Layer layer : layers.values()) {
            done += layer.done ? 1 : 0;
            current += layer.current;
            total += layer.total;
        }
        return new PullState(done, layers.size(), current, total);
    }

    private static final class Layer {
        private long current;
        private long total;
        private boolean done;

        void downloading(@Nullable JsonObject detail) {
            if (detail != null) {
                current = detail.getLong("current", 0L);
                total = Math.max(total, detail.getLong("total", 0L));
            }
        }
    }
}
