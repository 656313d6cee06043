package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.testing.TestNode;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** Two nodes with ids of their own on one engine leave each other's containers alone. */
class TwoNodesOneEngineIT {
    @Test
    void a_cleanup_and_a_start_of_one_touch_nothing_of_the_other() {
        Map<String, String> tidy = Map.of("reconcile.every", "1s", "reconcile.grace", "1s");
        try (TestNode one = new TestNode(tidy)) {
            one.submit("shared-1", "{\"image\":\"busybox\",\"command\":[\"sleep\",\"6\"]}");
            one.read(
                    one.topics().status(),
                    records ->
                            records.stream()
                                    .map(TestNode::json)
                                    .anyMatch(
                                            each -> each.path("state").asText().equals("running")));
            try (TestNode two = new TestNode(tidy)) {
                two.produce(
                        two.topics().control(),
                        two.nodeId(),
                        "{\"type\":\"cleanup\",\"nodeId\":\"" + two.nodeId() + "\"}");
                two.submit("shared-2", "{\"image\":\"busybox\",\"command\":[\"true\"]}");
                assertThat(two.result("shared-2").path("reason").asText()).isEqualTo("completed");
                assertThat(one.result("shared-1").path("reason").asText()).isEqualTo("completed");
            }
        }
    }
}
