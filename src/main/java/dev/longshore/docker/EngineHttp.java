package dev.longshore.docker;

import com.github.dockerjava.api.exception.DockerException;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The engine's streams over its own socket without a thread each, and the API version that is
 * spoken with it. May be used from any context; answers on the context of the caller.
 */
final class EngineHttp {
    /** Streams at once: two for each container that runs. The engine gives up long before. */
    private static final int MOST_STREAMS = 20_000;

    private final Vertx vertx;
    private final DockerSettings settings;
    private final SocketAddress address;

    /** In a field: a client that nobody holds is closed by the garbage collector. */
    private final HttpClient client;

    private @Nullable Future<ApiVersion> api;
    private volatile boolean closed;

    EngineHttp(Vertx vertx, DockerSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.address = addressOf(settings.host());
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setKeepAlive(false)
                                .setIdleTimeout(0)
                                .setTcpKeepAlive(true)
                                .setConnectTimeout(
                                        (int) Math.min(10_000, settings.callDeadline().toMillis())),
                        new PoolOptions().setHttp1MaxSize(MOST_STREAMS));
    }

    static SocketAddress addressOf(URI host) {
        return switch (host.getScheme()) {
            case "unix" -> SocketAddress.domainSocketAddress(host.getPath());
            case "tcp", "http" ->
                    SocketAddress.inetSocketAddress(
                            host.getPort() < 0 ? 2375 : host.getPort(), host.getHost());
            case null, default ->
                    throw new IllegalArgumentException(
                            "the engine's host must start with unix:// or tcp://, was " + host);
        };
    }

    /** Where the engine listens. */
    SocketAddress address() {
        return address;
    }

    boolean isClosed() {
        return closed;
    }

    /** Agreed upon once; a failure is not kept, so that the next call asks again. */
    synchronized Future<ApiVersion> api() {
        if (api != null) {
            return api;
        }
        Future<ApiVersion> asked = negotiate();
        api = asked;
        asked.onFailure(_ -> forget(asked));
        return asked;
    }

    private synchronized void forget(Future<ApiVersion> failed) {
        if (api == failed) {
            api = null;
        }
    }

    private Future<ApiVersion> negotiate() {
        Promise<ApiVersion> promise = Promise.promise();
        vertx.getOrCreateContext()
                .runOnContext(
                        _ ->
                                request(HttpMethod.GET, "/version", Map.of())
                                        .compose(
                                                request ->
                                                        answer(
                                                                request,
                                                                null,
                                                                settings.callDeadline()))
                                        .compose(EngineHttp::json)
                                        .timeout(
                                                settings.callDeadline().toMillis(),
                                                TimeUnit.MILLISECONDS)
                                        .map(
                                                version ->
                                                        ApiVersion.agreed(
                                                                ApiVersion.parse(
                                                                        version.getString(
                                                                                "MinAPIVersion",
                                                                                "1.0")),
                                                                ApiVersion.parse(
                                                                        version.getString(
                                                                                "ApiVersion",
                                                                                "1.0")),
                                                                ApiVersion.parse(
                                                                        settings.maxApiVersion())))
                                        .recover(
                                                e ->
                                                        Future.failedFuture(
                                                                DockerFailures.of(
                                                                        "ask the engine for its"
                                                                                + " version",
                                                                        e)))
                                        .onComplete(promise));
        return promise.future();
    }

    /**
     * Opens a stream; the response comes paused. Fails with a {@link DockerException} where the
     * engine says no, with something else where it could not be asked.
     *
     * @param path with its query, without the version
     * @param headDeadline how long the engine may take to answer with its first line, zero for no
     *     limit
     */
    Future<HttpClientResponse> open(
            HttpMethod method, String path, Map<String, String> headers, Duration headDeadline) {
        Context context = vertx.getOrCreateContext();
        return Hop.to(context, api())
                .compose(version -> request(method, "/v" + version + path, headers))
                .compose(request -> answer(request, null, headDeadline));
    }

    /** {@link #open} of a POST that carries something. */
    Future<HttpClientResponse> post(String path, JsonObject body, Duration headDeadline) {
        Context context = vertx.getOrCreateContext();
        Map<String, String> headers = Map.of("Content-Type", "application/json");
        return Hop.to(context, api())
                .compose(version -> request(HttpMethod.POST, "/v" + version + path, headers))
                .compose(request -> answer(request, body.toBuffer(), headDeadline));
    }

    /**
     * Opens a request that the caller writes; its answer, with whatever status, is the caller's.
     */
    Future<HttpClientRequest> upload(String path) {
        Context context = vertx.getOrCreateContext();
        return Hop.to(context, api())
                .compose(version -> request(HttpMethod.PUT, "/v" + version + path, Map.of()));
    }

    /** A short answer, whole within {@code deadline}; fails as {@link #open} does. */
    Future<JsonObject> get(String path, Duration deadline) {
        return get(path, Map.of(), deadline);
    }

    /** The same with headers. */
    Future<JsonObject> get(String path, Map<String, String> headers, Duration deadline) {
        return open(HttpMethod.GET, path, headers, deadline)
                .compose(EngineHttp::json)
                .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Future<JsonObject> json(HttpClientResponse response) {
        Future<JsonObject> body = response.body().map(buffer -> buffer.toJsonObject());
        response.resume();
        return body;
    }

    private Future<HttpClientRequest> request(
            HttpMethod method, String uri, Map<String, String> headers) {
        if (closed) {
            return Future.failedFuture(
                    new DockerFailure.Unreachable("the client of the engine is closed"));
        }
        RequestOptions options =
                new RequestOptions()
                        .setServer(address)
                        .setHost("docker")
                        .setPort(80)
                        .setMethod(method)
                        .setURI(uri);
        headers.forEach(options::putHeader);
        return client.request(options);
    }

    private Future<HttpClientResponse> answer(
            HttpClientRequest request, @Nullable Buffer body, Duration headDeadline) {
        long timer =
                headDeadline.isZero()
                        ? -1
                        : vertx.setTimer(
                                headDeadline.toMillis(),
                                _ ->
                                        request.reset(
                                                0,
                                                new DockerFailure.Unreachable(
                                                        "no answer within "
                                                                + headDeadline.toMillis()
                                                                + " ms")));
        // The request's failures are told by the answer below or by the response: without a handler
        // each is logged too.
        request.exceptionHandler(_ -> {});
        return (body == null ? request.send() : request.send(body))
                .onComplete(
                        _ -> {
                            if (timer >= 0) {
                                vertx.cancelTimer(timer);
                            }
                        })
                .compose(
                        response -> {
                            if (response.statusCode() < 400) {
                                response.pause();
                                return Future.succeededFuture(response);
                            }
                            return response.body()
                                    .compose(
                                            words ->
                                                    Future.failedFuture(
                                                            new DockerException(
                                                                    words.toString(),
                                                                    response.statusCode())));
                        });
    }

    Future<Void> close() {
        closed = true;
        return client.close();
    }
}
