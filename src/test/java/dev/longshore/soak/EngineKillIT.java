package dev.longshore.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.testing.PrivateEngine;
import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestNode;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** An engine is killed in the middle of a hundred jobs: each has its own result, for its reason. */
class EngineKillIT {
    private static final int JOBS = 100;

    @Test
    void a_hundred_jobs_under_an_engine_that_is_killed_have_a_hundred_true_results()
            throws Exception {
        Assumptions.assumeTrue(TestEngine.hasOwnEngines(), "needs an engine of its own");
        try (PrivateEngine engine = TestEngine.privateEngine();
                TestNode node = new TestNode(settings(engine))) {
            for (int i = 0; i < JOBS; i++) {
                node.submit("kill-" + i, json(i));
            }
            node.read(node.topics().results(), records -> records.size() >= JOBS / 5);
            engine.kill();
            engine.start();

            int lost = 0;
            List<String> wrong = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                JsonNode result = node.result("kill-" + i);
                String reason = result.path("reason").asText();
                if (reason.equals("infra_lost")) {
                    lost++;
                } else if (!reason.equals(i % 3 == 0 ? "completed" : "non_zero_exit")
                        || result.path("exitCode").asInt() != i % 3) {
                    wrong.add(result.toString());
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(lost).isBetween(1, JOBS / 2);
            assertThat(node.read(node.topics().results(), records -> records.size() >= JOBS))
                    .hasSize(JOBS);
            awaitNothingLeft(engine);
        }
    }

    private static Map<String, String> settings(PrivateEngine engine) {
        return Map.of(
                "docker.host", engine.host(),
                "jobs.cpu-overcommit", "10",
                "jobs.max-running", "16",
                "disk.reserve", "0");
    }

    private static String json(int i) {
        return "{\"image\":\"busybox\",\"command\":[\"sh\",\"-c\",\"sleep "
                + i % 4
                + "; exit "
                + i % 3
                + "\"],\"resources\":{\"memory\":\"16MiB\"}}";
    }

    private static void awaitNothingLeft(PrivateEngine engine) throws Exception {
        long deadline = System.nanoTime() + Stage.START.toNanos();
        while (true) {
            JsonNode all = engine.api().get("/containers/json?all=1", Stage.START).json();
            if (all.isEmpty()) {
                return;
            }
            assertThat(System.nanoTime())
                    .as(() -> StreamSupport.stream(all.spliterator(), false).toList().toString())
                    .isLessThan(deadline);
        }
    }
}
