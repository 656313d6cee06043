package dev.longshore.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.kafka.Topics;
import dev.longshore.testing.JavaProcess;
import dev.longshore.testing.PrivateEngine;
import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestNode;
import dev.longshore.testing.Topic;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A node hangs between the receipt of a command and its container, another takes over what waited
 * on it, and it goes on: with an engine of its own, so that nothing but the nodes prevents that the
 * program runs twice.
 */
class SilentNodeIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration CALL = Duration.ofSeconds(20);
    private static final String NAME = "silent";
    private static final String HEIR = "silent-heir";

    @Test
    void what_waited_on_a_node_that_hung_is_run_by_another_and_not_by_it_too_when_it_goes_on()
            throws Exception {
        Assumptions.assumeTrue(TestEngine.hasOwnEngines(), "needs an engine of its own");
        Job first = new Job("silent-first", 4_000, Job.Ending.SUCCEEDS);
        List<Job> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(new Job("silent-waits-" + i, 5, Job.Ending.SUCCEEDS));
        }
        try (Stage stage = Stage.open();
                PrivateEngine own = TestEngine.privateEngine();
                JavaProcess hung =
                        new JavaProcess(stage.node(NAME, 1, settings(own)), stage.log(NAME));
                JavaProcess heir =
                        new JavaProcess(
                                stage.node(NAME, 1, Map.of("node.id", HEIR)), stage.log(HEIR))) {
            Stage.startReady(hung);
            stage.submit(NAME, first);
            awaitStatus(stage, each -> is(each, first, "running"));
            waiting.forEach(job -> stage.submit(NAME, job));
            awaitStatus(stage, each -> is(each, waiting.getLast(), "accepted"));

            hung.freeze();
            Stage.startReady(heir);
            awaitStatus(
                    stage,
                    each -> is(each, waiting.getLast(), "running") && HEIR.equals(node(each)));
            // What it runs has ended when it goes on: at once there is room for what waited.
            String running = container(own, first.id());
            own.api().post("/containers/" + running + "/kill", "", CALL).orFail("kill");
            hung.goOn();

            awaitStatus(stage, each -> is(each, first, "failed"));
            for (Job job : waiting) {
                List<JsonNode> results = results(stage, job);
                assertThat(results).as(job.id()).hasSize(1);
                assertThat(results.getFirst().path("nodeId").asText()).isEqualTo(HEIR);
                assertThat(results.getFirst().path("state").asText()).isEqualTo("succeeded");
                assertThat(stage.starts()).filteredOn(line -> line.contains(job.id())).hasSize(1);
            }
            assertThat(starts(own)).hasSize(1).first().asString().contains(first.id());
            assertThat(hung.isAlive()).as(hung.printed()).isTrue();
            assertThat(heir.isAlive()).as(heir.printed()).isTrue();
        }
    }

    /** One at a time, and a group that notices soon that it does not answer. */
    private static Map<String, String> settings(PrivateEngine own) {
        return Map.of(
                "docker.host", own.host(),
                "jobs.max-running", "1",
                "kafka.consumer.session.timeout.ms", "6000",
                "kafka.consumer.heartbeat.interval.ms", "1000");
    }

    private static String container(PrivateEngine engine, String id) throws IOException {
        return engine.api()
                .get("/containers/longshore-" + id + "/json", CALL)
                .json()
                .path("Id")
                .asText();
    }

    private static List<String> starts(PrivateEngine engine) throws IOException {
        JsonNode volume = engine.api().get("/volumes/" + Job.VOLUME, CALL).json();
        return Files.readAllLines(Path.of(volume.path("Mountpoint").asText(), Job.STARTS));
    }

    private static boolean is(JsonNode status, Job job, String state) {
        return job.id().equals(status.path("executionId").asText())
                && state.equals(status.path("state").asText());
    }

    private static String node(JsonNode status) {
        return status.path("nodeId").asText();
    }

    private static List<JsonNode> results(Stage stage, Job job) {
        try (Topic topic = new Topic(stage.bootstrap(), Topics.withPrefix(NAME).results())) {
            return topic.all().stream()
                    .filter(each -> job.id().equals(TestNode.text(each.key())))
                    .map(TestNode::json)
                    .toList();
        }
    }

    private static void awaitStatus(Stage stage, Predicate<JsonNode> wanted) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (Topic topic = new Topic(stage.bootstrap(), Topics.withPrefix(NAME).status())) {
            while (topic.next().stream().map(TestNode::json).noneMatch(wanted)) {
                assertThat(System.nanoTime()).as("waiting for a status").isLessThan(deadline);
            }
        }
    }
}
