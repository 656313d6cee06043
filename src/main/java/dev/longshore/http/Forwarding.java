package dev.longshore.http;

import dev.longshore.board.Board;
import dev.longshore.job.NodeId;
import dev.longshore.job.NodeStatus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Passes a request on to the node that can answer it, and its answer back, as it comes; one hop and
 * no more. On the event loop of the connection.
 */
final class Forwarding {
    /** Says that a node has passed the request on already. */
    static final String FORWARDED = "Longshore-Forwarded";

    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int MAX_CONNECTIONS = 64;
    private static final Pattern URL =
            Pattern.compile("https?://[A-Za-z0-9._:\\[\\]-]+(/[^\\s?#]*)?");
    private static final List<String> REQUEST_HEADERS =
            List.of("Content-Type", "Accept", "traceparent");
    private static final List<String> RESPONSE_HEADERS =
            List.of(
                    "Content-Type",
                    "Content-Length",
                    "Content-Disposition",
                    "Retry-After",
                    "WWW-Authenticate");

    private final Board board;
    private final HttpClient client;

    Forwarding(Vertx vertx, Board board) {
        this.board = board;
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MILLIS),
                        new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    }

    /** Whether another node has passed this request on to us. */
    boolean isForwarded(RoutingContext context) {
        return context.request().getHeader(FORWARDED) != null;
    }

    /** Answers with what the owner says; throws the problem where it cannot be asked. */
    void pass(RoutingContext context, NodeId owner) {
        if (isForwarded(context)) {
            throw new Problem(
                            BAD_GATEWAY,
                            "NOT_THE_OWNER",
                            "The request was passed on to this node, which takes "
                                    + owner
                                    + " for the owner: ask that node, or again in a moment.",
                            null)
                    .thrown();
        }
        RequestOptions target = target(context.request(), owner);
        HttpServerRequest asked = context.request();
        HttpServerResponse response = context.response();
        String token = Access.token(context);
        // The body has been read, or there is none: nothing of it may be lost while we connect.
        Buffer body = context.body() == null ? null : context.body().buffer();
        client.request(target)
                .onFailure(failure -> unreachable(owner, failure).write(response))
                .onSuccess(
                        request -> send(request, asked, body, new Return(owner, response, token)));
    }

    /** Lets go of the connections to other nodes. */
    Future<Void> close() {
        return client.close();
    }

    private RequestOptions target(HttpServerRequest request, NodeId owner) {
        NodeStatus node = board.node(owner);
        if (node == null) {
            throw gateway(
                    "OWNER_UNKNOWN",
                    "It belongs to the node "
                            + owner
                            + ", of which nothing has been heard: is it running?");
        }
        if (node.state() == NodeStatus.State.STOPPED) {
            throw new Problem(
                            UNAVAILABLE,
                            "OWNER_STOPPED",
                            "It belongs to the node " + owner + ", which has stopped: start it.",
                            null)
                    .thrown();
        }
        String url = node.url() == null ? null : node.url().replaceAll("/+$", "");
        if (url == null) {
            throw gateway(
                    "OWNER_WITHOUT_URL",
                    "It belongs to the node "
                            + owner
                            + ", which does not say where it answers: set node.url there.");
        }
        if (!URL.matcher(url).matches()) {
            throw gateway(
                    "OWNER_WITHOUT_URL",
                    "The node " + owner + " gives an address that is none: set node.url there.");
        }
        return new RequestOptions().setAbsoluteURI(url + request.uri()).setMethod(request.method());
    }

    private static Problem.Thrown gateway(String code, String detail) {
        return new Problem(BAD_GATEWAY, code, detail, null).thrown();
    }

    private static void send(
            HttpClientRequest request, HttpServerRequest asked, @Nullable Buffer body, Return way) {
        if (way.response.closed()) {
            request.reset();
            return;
        }
        // Comes when the client has gone away: then nobody wants the owner's answer.
        way.response.closeHandler(gone -> request.reset());
        if (way.token != null) {
            // Also of a browser, which has it as a cookie.
            request.putHeader("Authorization", "Bearer " + way.token);
        }
        for (String name : REQUEST_HEADERS) {
            String value = asked.getHeader(name);
            if (value != null) {
                request.putHeader(name, value);
            }
        }
        request.putHeader(FORWARDED, "1");
        (body == null ? request.send() : request.send(body))
                .onFailure(failure -> unreachable(way.owner, failure).write(way.response))
                .onSuccess(way::back);
    }

    private static Problem unreachable(NodeId owner, Throwable failure) {
        LOG.warn("Node {} cannot be asked: {}", owner, failure.getMessage());
        return new Problem(
                UNAVAILABLE,
                "OWNER_UNREACHABLE",
                "It belongs to the node "
                        + owner
                        + ", which does not answer at the address that it gives: is it running, and"
                        + " is its node.url right for its neighbours?",
                null);
    }

    /** The way back to the one who asked. */
    private record Return(NodeId owner, HttpServerResponse response, @Nullable String token) {
        void back(HttpClientResponse answer) {
            if (response.closed() || response.ended()) {
                answer.request().reset();
                return;
            }
            response.setStatusCode(answer.statusCode());
            for (String name : RESPONSE_HEADERS) {
                String value = answer.getHeader(name);
                if (value != null) {
                    response.putHeader(name, value);
                }
            }
            if (answer.getHeader("Content-Length") == null) {
                response.setChunked(true);
            }
            // What broke off must not look like the whole: no end where there was none.
            answer.pipe()
                    .endOnFailure(false)
                    .to(response)
                    .onFailure(
                            failure -> {
                                answer.request().reset();
                                if (!response.closed()) {
                                    LOG.warn(
                                            "The answer of node {} broke off: {}",
                                            owner,
                                            failure.getMessage());
                                    response.reset();
                                }
                            });
        }
    }
}
