package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.kafka.Topics;
import dev.longshore.testing.JavaProcess;
import dev.longshore.testing.TestBroker;
import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestNode;
import dev.longshore.testing.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;

/** A node that does not come back, or too late: another one settles what it was running. */
class LostNodeIT {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration CALL = Duration.ofSeconds(20);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final List<String> FINAL =
            List.of("succeeded", "failed", "cancelled", "rejected", "lost");

    private final String name = "lost" + NUMBER.incrementAndGet();
    private final String doomed = name + "-doomed";
    private final String survivor = name + "-survivor";
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir Path temp;

    @AfterEach
    void removeContainers(TestInfo test) throws IOException {
        http.close();
        for (JsonNode left : containers(doomed)) {
            TestEngine.api().delete("/containers/" + left.path("Id").asText() + "?force=1", CALL);
        }
        assertThat(containers(survivor)).as(test.getDisplayName()).isEmpty();
    }

    @Test
    void what_a_killed_node_ran_is_lost_once_or_tried_again_elsewhere() throws Exception {
        try (JavaProcess process = process()) {
            begin(process);
            try (TestNode other = survivor()) {
                process.kill();

                isLost(other);
                isTakenOver(other);
                other.post("/api/v1/executions/again/cancel", "{}");
                JsonNode result = other.result("again");

                assertThat(result.path("attempt").asInt()).isEqualTo(2);
                assertThat(result.path("nodeId").asText()).isEqualTo(survivor);
                endedOnce(other);
            }
        }
    }

    @Test
    void a_node_that_hung_for_too_long_says_nothing_of_what_it_lost_and_is_of_use_again()
            throws Exception {
        try (JavaProcess process = process()) {
            begin(process);
            try (TestNode other = survivor()) {
                process.freeze();
                isLost(other);
                isTakenOver(other);
                assertThat(containers(doomed)).hasSize(2);

                process.goOn();

                until(() -> containers(doomed).isEmpty(), process);
                other.post("/api/v1/executions/again/cancel", "{}");
                assertThat(other.result("again").path("attempt").asInt()).isEqualTo(2);
                endedOnce(other);
            }
            isOfUse(process);
        }
    }

    private JavaProcess process() {
        List<String> arguments = new ArrayList<>(List.of("serve"));
        settings(doomed)
                .forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return new JavaProcess(
                new JavaProcess.Program(
                        "dev.longshore.cli.Main",
                        List.of("-Djava.io.tmpdir=" + temp),
                        arguments,
                        Map.of()),
                temp.resolve("doomed.log"));
    }

    private TestNode survivor() {
        return new TestNode(settings(survivor));
    }

    private Map<String, String> settings(String nodeId) {
        return Map.ofEntries(
                Map.entry("kafka.bootstrap.servers", TestBroker.shared().bootstrapServers()),
                Map.entry("topics.prefix", name),
                Map.entry("topics.partitions", "1"),
                Map.entry("group", name + "-nodes"),
                Map.entry("node.id", nodeId),
                Map.entry("node.lost-after", "30s"),
                Map.entry("http.port", "0"),
                Map.entry("docker.host", TestEngine.host()),
                Map.entry("jobs.stop-grace", "1s"),
                Map.entry("jobs.cpu-overcommit", "4"),
                Map.entry("results.directory", temp.resolve(nodeId).toString()));
    }

    /** Two jobs run there: one that is tried once, one that may be tried again. */
    private void begin(JavaProcess process) throws Exception {
        process.start().awaitLine("ready ", START);
        submit(process, "once", "");
        submit(process, "again", ",\"retry\":{\"maxAttempts\":2,\"on\":[\"node_lost\"]}");
        for (String id : List.of("once", "again")) {
            until(() -> statuses(id).stream().anyMatch(each -> is(each, "running", 1)), process);
        }
    }

    private void submit(JavaProcess process, String id, String more) throws Exception {
        String ready =
                process.printed()
                        .lines()
                        .filter(line -> line.startsWith("ready "))
                        .findFirst()
                        .orElseThrow();
        String url = ready.replaceAll(".*http=(\\S+).*", "$1");
        String job =
                "{\"executionId\":\""
                        + id
                        + "\",\"image\":\"busybox\",\"command\":[\"sleep\",\"900\"]"
                        + more
                        + "}";
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(URI.create(url + "/api/v1/executions"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(job))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private void isLost(TestNode other) {
        JsonNode result = other.result("once");
        assertThat(result.path("state").asText()).isEqualTo("lost");
        assertThat(result.path("reason").asText()).isEqualTo("node_lost");
        assertThat(result.path("nodeId").asText()).isEqualTo(doomed);
        assertThat(result.path("message").asText())
                .contains(doomed + " was not heard for ")
                .contains("since its heartbeat of ");
        List<JsonNode> said = other.statuses("once");
        JsonNode last = said.getLast();
        assertThat(last.path("nodeId").asText()).isEqualTo(survivor);
        assertThat(last.path("sequence").asInt())
                .isEqualTo(said.get(said.size() - 2).path("sequence").asInt() + 1);
        until(() -> other.get("/api/v1/executions/once").body().contains("\"lost\""), null);
    }

    private void isTakenOver(TestNode other) {
        until(() -> statuses("again").stream().anyMatch(each -> is(each, "running", 2)), null);
        JsonNode accepted =
                statuses("again").stream()
                        .filter(each -> is(each, "accepted", 2))
                        .findFirst()
                        .orElseThrow();
        assertThat(accepted.path("nodeId").asText()).isEqualTo(other.nodeId());
        assertThat(accepted.path("reason").asText()).isEqualTo("node_lost");
    }

    /** Whatever was said since, for readers of committed records. */
    private void endedOnce(TestNode other) {
        other.statuses("again");
        for (String id : List.of("once", "again")) {
            assertThat(statuses(id))
                    .filteredOn(each -> FINAL.contains(each.path("state").asText()))
                    .hasSize(1);
            assertThat(of(Topics.withPrefix(name).results(), id)).hasSize(1);
        }
    }

    /** With the other one gone it takes the commands: its first life is over, the next is well. */
    private void isOfUse(JavaProcess process) throws Exception {
        submit(process, "after", "");
        until(() -> statuses("after").stream().anyMatch(each -> is(each, "running", 1)), process);
        assertThat(statuses("after").getLast().path("nodeId").asText()).isEqualTo(doomed);
        assertThat(process.isAlive()).isTrue();
    }

    private static boolean is(JsonNode status, String state, int attempt) {
        return status.path("state").asText().equals(state)
                && status.path("attempt").asInt() == attempt;
    }

    private List<JsonNode> statuses(String id) {
        return of(Topics.withPrefix(name).status(), id);
    }

    private static List<JsonNode> of(String topicName, String id) {
        List<JsonNode> found = new ArrayList<>();
        try (Topic topic = new Topic(TestBroker.shared().bootstrapServers(), topicName)) {
            for (ConsumerRecord<byte[], byte[]> each : topic.all()) {
                if (id.equals(TestNode.text(each.key()))) {
                    found.add(TestNode.json(each));
                }
            }
        }
        return found;
    }

    private static List<JsonNode> containers(String nodeId) {
        try {
            JsonNode all =
                    TestEngine.api()
                            .get(
                                    "/containers/json?all=1&filters=%7B%22label%22%3A%5B%22"
                                            + "dev.longshore.node%3D"
                                            + nodeId
                                            + "%22%5D%7D",
                                    CALL)
                            .json();
            return StreamSupport.stream(all.spliterator(), false).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void until(BooleanSupplier condition, @Nullable JavaProcess process) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        "it did not happen within "
                                + LIMIT
                                + (process == null ? "" : ":\n" + process.printed()));
            }
        }
    }
}
