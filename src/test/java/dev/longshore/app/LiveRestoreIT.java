package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.testing.PrivateEngine;
import dev.longshore.testing.TestBroker;
import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestNode;
import dev.longshore.testing.Topic;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An engine that lets programs run while it is away. */
class LiveRestoreIT {
    @Test
    void jobs_outlive_an_engine_that_is_stopped_or_killed_with_their_lines_and_exit_codes() {
        Assumptions.assumeTrue(TestEngine.hasOwnEngines(), "needs an engine of its own");
        try (PrivateEngine engine = TestEngine.privateEngine(List.of("--live-restore"));
                TestNode node =
                        new TestNode(Map.of("docker.host", engine.host(), "disk.reserve", "0"))) {
            for (String id : List.of("a", "b")) {
                node.submit(
                        id,
                        "{\"image\":\"busybox\",\"command\":[\"sh\",\"-c\",\"i=0; while [ $i -lt 60"
                                + " ]; do echo $i; i=$((i+1)); sleep 0.2; done; exit 5\"]}");
                node.read(
                        node.topics().logs(),
                        records ->
                                records.stream()
                                        .anyMatch(each -> id.equals(TestNode.text(each.key()))));
            }
            engine.restart();
            engine.kill();
            engine.start();
            for (String id : List.of("a", "b")) {
                JsonNode result = node.result(id);
                assertThat(result.path("reason").asText()).isEqualTo("non_zero_exit");
                assertThat(result.path("exitCode").asInt()).isEqualTo(5);
                assertThat(result.path("attempt").asInt()).isEqualTo(1);
                assertThat(result.path("log").path("lines").asInt()).isEqualTo(60);
            }
        }
    }

    @Test
    void what_is_printed_without_a_pause_meanwhile_is_whole_or_the_log_says_that_it_may_not_be() {
        Assumptions.assumeTrue(TestEngine.hasOwnEngines(), "needs an engine of its own");
        try (PrivateEngine engine = TestEngine.privateEngine(List.of("--live-restore"));
                TestNode node =
                        new TestNode(Map.of("docker.host", engine.host(), "disk.reserve", "0"))) {
            // As fast as it can, until it is told to stop; then it says how many there were.
            node.submit(
                    "flat-out",
                    "{\"image\":\"busybox\",\"command\":[\"sh\",\"-c\",\"end=; trap 'end=1'"
                            + " USR1; i=0; while [ -z $end ]; do echo $i; i=$((i+1)); done; echo"
                            + " total $i >&2; exit 5\"]}");
            node.read(node.topics().logs(), records -> records.size() > 1_000);
            engine.kill();
            engine.start();
            node.produce(
                    node.topics().control(),
                    "flat-out",
                    "{\"type\":\"signal\",\"executionId\":\"flat-out\",\"signal\":\"SIGUSR1\"}");

            JsonNode result = node.result("flat-out");
            assertThat(result.path("exitCode").asInt()).isEqualTo(5);
            long total = Long.parseLong(result.path("stderr").asText().strip().split(" ")[1]);
            long missing = total + 1 - result.path("log").path("lines").asLong();
            assertThat(missing).isNotNegative();
            assertThat(result.path("log").path("complete").asBoolean()).isFalse();
            List<String> gaps = new ArrayList<>();
            try (Topic logs =
                    new Topic(TestBroker.shared().bootstrapServers(), node.topics().logs())) {
                logs.each(
                        read -> {
                            String gap = TestNode.header(read, "gap");
                            if (gap != null) {
                                gaps.add(gap);
                            }
                        });
            }
            assertThat(gaps).anyMatch(gap -> gap.startsWith("engine-restart"));
        }
    }
}
