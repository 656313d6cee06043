package dev.longshore.docker;

import dev.longshore.job.PullState;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.parsetools.JsonParser;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One pull, read item by item without a thread; runs on one context. Its end proves nothing: the
 * engine has reported a full disk as a success, so the caller looks for the image afterwards.
 */
final class Pull {
    private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Context context;
    private final String reference;
    private final String what;
    private final Duration silence;
    private final Consumer<PullState> progress;
    private final PullTracker tracker;
    private final Promise<Void> done = Promise.promise();
    private long saidAt;
    private long heardAt;
    private volatile boolean silent;

    Pull(Context context, String reference, Duration silence, Consumer<PullState> progress) {
        this.context = context;
        this.reference = reference;
        this.what = "pull " + reference;
        this.silence = silence;
        this.progress = progress;
        this.tracker = new PullTracker(what);
    }

    Future<Void> start(EngineHttp http, @Nullable String platform, Map<String, String> headers) {
        heardAt = System.nanoTime();
        saidAt = heardAt - PROGRESS_NANOS;
        ImageReference image = ImageReference.parse(reference);
        String path =
                "/images/create?fromImage="
                        + encoded(image.repository())
                        + "&tag="
                        + encoded(image.tag())
                        + (platform == null ? "" : "&platform=" + encoded(platform));
        http.open(HttpMethod.POST, path, headers, silence)
                .onSuccess(this::read)
                .onFailure(this::notOpened);
        return done.future();
    }

    /** Whether the engine said nothing for too long. */
    boolean fellSilent() {
        return silent;
    }

    /** The engine's answer begins with its first progress: a registry that hangs keeps it back. */
    private void notOpened(Throwable thrown) {
        if (thrown instanceof DockerFailure.Unreachable && isSilent()) {
            failSilent();
        } else {
            done.tryFail(DockerFailures.ofPull(what, thrown));
        }
    }

    private boolean isSilent() {
        return System.nanoTime() - heardAt >= silence.toNanos();
    }

    private void failSilent() {
        silent = true;
        done.tryFail(
                new DockerFailure.PullFailed(
                        DockerFailures.silent(what, silence) + "; is its registry in reach?"));
    }

    private void read(HttpClientResponse response) {
        long watch =
                context.owner()
                        .setPeriodic(
                                Math.max(1, silence.toMillis() / 4),
                                _ -> {
                                    if (isSilent()) {
                                        failSilent();
                                        response.request().reset();
                                    }
                                });
        done.future().onComplete(_ -> context.owner().cancelTimer(watch));
        JsonParser items = JsonParser.newParser(response).objectValueMode();
        items.exceptionHandler(e -> done.tryFail(DockerFailures.ofPull(what, e)));
        items.handler(
                event -> {
                    heardAt = System.nanoTime();
                    tracker.item(event.objectValue());
                    sayProgress();
                });
        items.endHandler(
                _ -> {
                    DockerFailure failure = tracker.failure();
                    if (failure == null) {
                        done.tryComplete();
                    } else {
                        done.tryFail(failure);
                    }
                });
        response.resume();
    }

    private void sayProgress() {
        if (heardAt - saidAt >= PROGRESS_NANOS) {
            saidAt = heardAt;
            progress.accept(tracker.progress());
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
