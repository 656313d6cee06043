package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.testing.TestNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** Two processes that were given the same node id: the first goes on, the second does not start. */
class TwoProcessesIT {
    private static final String JOB = "{\"image\":\"busybox\",\"command\":[\"true\"]}";

    @TempDir Path temp;
    private TestNode first;

    @BeforeEach
    void start() {
        first = new TestNode(Map.of("results.directory", temp.resolve("first").toString()));
        first.submit("before", JOB);
        first.result("before");
    }

    @AfterEach
    void stop() {
        first.close();
    }

    @Test
    void on_the_same_machine_the_second_is_refused_at_once_by_the_directory() {
        assertThatThrownBy(() -> second("first"))
                .hasMessageContaining("is in use by")
                .hasMessageContaining("results.directory")
                .hasMessageContaining("node.id");
        firstIsWell();
    }

    @Test
    void on_another_machine_the_second_is_refused_by_the_heartbeat_of_the_first() {
        assertThatThrownBy(() -> second("second"))
                .hasMessageContaining("the node id " + first.nodeId() + " is in use")
                .hasMessageContaining(first.url());
        firstIsWell();
    }

    @Test
    void after_the_first_has_stopped_the_second_starts() {
        first.close();
        try (TestNode second = second("first")) {
            second.submit("taken-over", JOB);
            assertThat(second.result("taken-over").path("state").asText()).isEqualTo("succeeded");
        }
    }

    private void firstIsWell() {
        first.submit("after", JOB);
        assertThat(first.result("after").path("state").asText()).isEqualTo("succeeded");
    }

    private TestNode second(String directory) {
        return new TestNode(
                Map.of(
                        "topics.prefix",
                        first.prefix(),
                        "group",
                        first.prefix() + "-nodes",
                        "node.id",
                        first.nodeId(),
                        "results.directory",
                        temp.resolve(directory).toString()));
    }
}
