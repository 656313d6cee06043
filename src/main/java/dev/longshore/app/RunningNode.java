package dev.longshore.app;

import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * A node that runs in this process.
 *
 * @param httpUrl where its HTTP side answers, such as {@code http://127.0.0.1:8080}
 * @param kafka the broker's address that it uses
 * @param nodeId who it is
 * @param failed completed when the node cannot go on and has to be stopped; often never
 * @param stop stops it in good order and returns when that is done; blocks the calling thread
 */
public record RunningNode(
        String httpUrl,
        String kafka,
        String nodeId,
        CompletionStage<Throwable> failed,
        Runnable stop) {
    /** Refuses nulls by name. */
    public RunningNode {
        Objects.requireNonNull(httpUrl, "httpUrl");
        Objects.requireNonNull(kafka, "kafka");
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(failed, "failed");
        Objects.requireNonNull(stop, "stop");
    }

    /** The one line that programs wait for. */
    public String readyLine() {
        return "ready http=" + httpUrl + " kafka=" + kafka + " node=" + nodeId;
    }
}
