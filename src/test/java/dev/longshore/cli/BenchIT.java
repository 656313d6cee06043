package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.longshore.testing.Shell;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The benchmarks as they are typed, small: that they measure, say so, and leave nothing. */
class BenchIT {
    @TempDir Path temporary;

    @Test
    void a_node_on_a_simulated_engine_is_measured_and_nothing_stays() throws Exception {
        JsonNode report = bench("density --jobs 5");

        assertThat(report.path("bench").asText()).isEqualTo("density");
        assertThat(figure(report, "heap, each running and followed").path("goal").asText())
                .isEqualTo("<= 50 KB");
    }

    @Test
    void a_node_is_measured_beside_the_bare_engine() throws Exception {
        JsonNode report = bench("throughput --jobs 8 --pairs 1 --concurrency 2 --warm-up 8");

        assertThat(figure(report, "node").path("value").asDouble()).isPositive();
        assertThat(figure(report, "bare engine").path("value").asDouble()).isPositive();
    }

    @Test
    void a_node_starts_with_the_cache_that_was_trained() throws Exception {
        Path target = Path.of("target");
        try {
            JsonNode report = typed("train --jobs 8");
            assertThat(figure(report, "serve: cache").path("value").asDouble()).isGreaterThan(10);
            assertThat(isCached("serve")).isTrue();
            assertThat(isCached("dev")).isTrue();
            assertThat(isCached("ps")).isTrue();
        } finally {
            Files.deleteIfExists(target.resolve("serve.aot"));
            Files.deleteIfExists(target.resolve("dev.aot"));
            Files.deleteIfExists(target.resolve("client.aot"));
        }
        assertThat(isCached("serve")).isFalse();
    }

    /** Whether our own classes come from the cache, not from the jar or a client's archive. */
    private static boolean isCached(String command) throws Exception {
        Shell.Outcome help =
                Shell.run(
                        "LONGSHORE_JAVA_OPTS=-Xlog:class+load:stderr ./longshore "
                                + command
                                + " --help");
        assertThat(help.exitCode()).as(help.all()).isZero();
        assertThat(help.all()).contains("dev.longshore.cli.RootCommand source: ");
        return help.all()
                .lines()
                .anyMatch(line -> line.endsWith("RootCommand source: shared objects file"));
    }

    private JsonNode bench(String words) throws Exception {
        return typed("bench " + words);
    }

    private JsonNode typed(String words) throws Exception {
        Shell.Outcome ended =
                Shell.run(
                        "LONGSHORE_JAVA_OPTS=-Djava.io.tmpdir='"
                                + temporary
                                + "' ./longshore "
                                + words
                                + " --output json");
        assertThat(ended.exitCode()).as(ended.all()).isZero();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(each -> each.getFileName().toString().startsWith("longshore")))
                    .isEmpty();
        }
        return new ObjectMapper().readTree(ended.out());
    }

    private static JsonNode figure(JsonNode report, String name) {
        for (JsonNode each : report.path("figures")) {
            if (each.path("name").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no figure " + name + " in " + report);
    }
}
