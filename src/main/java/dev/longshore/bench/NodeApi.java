package dev.longshore.bench;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What a node's HTTP side says. Blocks; one thread at a time. */
final class NodeApi implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI node;

    NodeApi(URI node) {
        this.node = node;
    }

    /** Waits until the node knows this execution. */
    void awaitKnown(String executionId, Duration within) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (get("/api/v1/executions/" + executionId).statusCode() != 200) {
            if (System.nanoTime() > deadline) {
                throw new BenchFailure("the node did not hear of " + executionId);
            }
            Thread.sleep(10);
        }
    }

    /** Waits until so many run; the last answer counts. */
    void awaitRunning(int count, Duration within) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (running() < count) {
            if (System.nanoTime() > deadline) {
                throw new BenchFailure("only " + running() + " of " + count + " jobs run");
            }
            Thread.sleep(100);
        }
    }

    private int running() throws IOException, InterruptedException {
        JsonNode nodes = Json.object(get("/api/v1/nodes").body());
        JsonNode list = nodes.isArray() ? nodes : nodes.path("nodes");
        int running = 0;
        for (JsonNode each : list) {
            running += each.path("running").asInt();
        }
        return running;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(node.resolve(path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
    }
}
