package dev.longshore.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import java.net.URLEncoder;
import java.time.Duration;
import java.util.Map;

/** Opens one path of one container as a tar; runs on one context. */
final class CopyOut {
    private final Context context;
    private final String what;
    private final String uri;
    private final Duration silence;

    /**
     * @param silence how long the engine may say nothing
     * @throws IllegalArgumentException where the path is not absolute and normalised
     */
    CopyOut(Context context, String containerId, String path, Duration silence) {
        this.context = context;
        this.what = "copy " + path + " out of container " + containerId;
        this.uri =
                "/containers/"
                        + containerId
                        + "/archive?path="
                        + URLEncoder.encode(ContainerPath.absolute(path, "path"), UTF_8);
        this.silence = silence;
    }

    Future<Archive> start(EngineHttp http) {
        Promise<Archive> opened = Promise.promise();
        context.runOnContext(
                _ ->
                        http.open(HttpMethod.GET, uri, Map.of(), silence)
                                .map(this::archive)
                                .recover(e -> Future.failedFuture(DockerFailures.of(what, e)))
                                .onComplete(opened));
        return opened.future();
    }

    private Archive archive(HttpClientResponse response) {
        return new Archive(context, what, response, () -> response.request().reset(), silence);
    }
}
