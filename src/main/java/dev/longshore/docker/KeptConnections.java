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

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.BiFunction;

/**
 * Short calls to the engine over connections that are kept, so many at a time, without a thread
 * each. From any context; answers come on the asker's, failures as {@link DockerFailure}. No call
 * is repeated: where its connection breaks nobody knows whether the engine did it.
 */
final class KeptConnections {
    /** Calls that may wait for a connection; beyond, a call fails at once. */
    static final int MOST_WAITING = 8192;

    private static final int FIRST_ERROR = 400;
    private static final int REDIRECTION = 300;
    private static final int NOT_MODIFIED = 304;

    private final Vertx vertx;
    private final EngineHttp engine;

    /** In a field: a client that nobody holds is closed by the garbage collector. */
    private final HttpClient client;

    /**
     * @param connections how many calls may run at a time
     */
    KeptConnections(Vertx vertx, EngineHttp engine, Duration connect, int connections) {
        this.vertx = vertx;
        this.engine = engine;
        this.client =
                vertx.httpClientBuilder()
                        .with(
                                new HttpClientOptions()
                                        .setKeepAlive(true)
                                        .setConnectTimeout(
                                                (int) Math.min(10_000, connect.toMillis())))
                        .with(
                                new PoolOptions()
                                        .setHttp1MaxSize(connections)
                                        .setMaxWaitQueueSize(MOST_WAITING))
                        // What breaks is told by the call; an idle one may break unheard.
                        .withConnectHandler(kept -> kept.exceptionHandler(_ -> {}))
                        .build();
    }

    /**
     * One call.
     *
     * @param what in words, for failures and figures
     * @param deadline how long it may take, its wait for a connection included
     * @param path without the version
     * @param body JSON, or null for none
     */
    record Call(
            String what, Duration deadline, HttpMethod method, String path, @Nullable Buffer body) {
        Call(String what, Duration deadline, HttpMethod method, String path) {
            this(what, deadline, method, path, null);
        }
    }

    /** The body of the engine's answer. */
    Future<Buffer> ask(Call call) {
        return ask(call, DockerFailures::of);
    }

    /** The same, reading failures in another way. */
    Future<Buffer> ask(Call call, BiFunction<String, Throwable, DockerFailure> failures) {
        Context context = vertx.getOrCreateContext();
        long asked = System.nanoTime();
        Underway underway = new Underway(call);
        long timer = vertx.setTimer(Math.max(1, call.deadline.toMillis()), _ -> underway.expire());
        engine.api()
                .onComplete(
                        api ->
                                context.runOnContext(
                                        _ -> {
                                            if (api.failed()) {
                                                underway.answer.tryFail(api.cause());
                                            } else {
                                                underway.send(api.result());
                                            }
                                        }));
        Future<Buffer> answered =
                underway.answer
                        .future()
                        .onComplete(
                                answer -> {
                                    vertx.cancelTimer(timer);
                                    EngineTimes.record(call.what, asked, answer.succeeded());
                                })
                        .recover(e -> Future.failedFuture(failures.apply(call.what, e)));
        return Hop.to(context, answered);
    }

    Future<Void> close() {
        return client.close();
    }

    /** A call until its answer; what has expired is sent no more, or cut off. */
    private final class Underway {
        private final Call call;
        private final Promise<Buffer> answer = Promise.promise();
        private @Nullable HttpClientRequest request;
        private boolean expired;

        Underway(Call call) {
            this.call = call;
        }

        void send(ApiVersion api) {
            if (isExpired()) {
                return;
            }
            RequestOptions options =
                    new RequestOptions()
                            .setServer(engine.address())
                            .setHost("docker")
                            .setPort(80)
                            .setMethod(call.method)
                            .setURI("/v" + api + call.path);
            if (call.body != null) {
                options.putHeader("Content-Type", "application/json");
            }
            client.request(options)
                    .compose(this::exchange)
                    .onComplete(
                            body -> {
                                if (body.succeeded()) {
                                    answer.tryComplete(body.result());
                                } else {
                                    answer.tryFail(body.cause());
                                }
                            });
        }

        private Future<Buffer> exchange(HttpClientRequest opened) {
            // Failures are told by the answer; without a handler each is logged too.
            opened.exceptionHandler(_ -> {});
            synchronized (this) {
                request = opened;
                if (expired) {
                    opened.reset();
                    return Future.failedFuture("expired before its turn");
                }
            }
            Buffer body = call.body;
            return (body == null ? opened.send() : opened.send(body)).compose(Underway::whole);
        }

        private static Future<Buffer> whole(HttpClientResponse response) {
            response.exceptionHandler(_ -> {});
            int status = response.statusCode();
            Future<Buffer> body = response.body();
            boolean fine = status < REDIRECTION || status == NOT_MODIFIED;
            return fine ? body : body.compose(words -> refused(words, status));
        }

        private static Future<Buffer> refused(Buffer words, int status) {
            String said =
                    status < FIRST_ERROR ? "an answer that leads elsewhere" : words.toString();
            return Future.failedFuture(new DockerException(said, status));
        }

        private synchronized boolean isExpired() {
            return expired;
        }

        void expire() {
            HttpClientRequest sent;
            synchronized (this) {
                expired = true;
                sent = request;
            }
            answer.tryFail(
                    new DockerFailure.Unreachable(
                            call.what
                                    + ": no answer from the engine within "
                                    + call.deadline.toMillis()
                                    + " ms"));
            if (sent != null) {
                sent.reset();
            }
        }
    }
}
