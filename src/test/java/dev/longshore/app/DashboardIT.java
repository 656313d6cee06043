package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.testing.TestNode;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class DashboardIT {
    private static final Pattern METRIC = Pattern.compile("\\b(?:longshore|jvm|process)_[a-z_]+");

    private static final List<String> SEEN =
            List.of(
                    "reason=\"non_zero_exit\",state=\"failed\"} 1",
                    "reason=\"log_limit\",state=\"failed\"} 1",
                    "reason=\"completed\",state=\"succeeded\"} 1",
                    "longshore_dead_letters_total{code=\"malformed_json\"} 1",
                    "longshore_log_gaps_total{reason=\"log-limit\"} 1",
                    "operation=\"create\",result=\"ok\"");

    @Test
    void every_metric_of_the_dashboard_is_there_after_a_few_jobs() throws Exception {
        try (TestNode node = new TestNode(Map.of("jobs.max-log-size", "1KiB"));
                HttpClient client = HttpClient.newHttpClient()) {
            node.submit("metrics-1", job("true"));
            node.submit("metrics-2", job("exit 3"));
            node.submit("metrics-3", job("seq 1 1000; sleep 60"));
            node.submit("metrics-4", "no json");
            node.result("metrics-1");
            node.result("metrics-3");
            node.result("metrics-2");

            // The result is in its topic before the node has read it there itself.
            // Requests are counted when they have been answered: this one is in the next scrape.
            node.get("/health/live");
            String scrape = scrape(client, node);
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!(SEEN.stream().allMatch(scrape::contains) && names(scrape).containsAll(asked()))
                    && System.nanoTime() < deadline) {
                scrape = scrape(client, node);
            }

            assertThat(names(scrape)).containsAll(asked());
            assertThat(scrape).contains(SEEN).doesNotContain("metrics-1");
        }
    }

    private static Set<String> asked() throws IOException {
        JsonObject dashboard =
                new JsonObject(Files.readString(Path.of("conf", "grafana-dashboard.json")));
        Set<String> asked = names(dashboard.getJsonArray("panels").encode());
        assertThat(asked).hasSizeGreaterThan(20);
        return asked;
    }

    private static String job(String script) {
        return "{\"image\":\"busybox\",\"pullPolicy\":\"never\",\"command\":[\"sh\",\"-c\",\""
                + script
                + "\"]}";
    }

    private static String scrape(HttpClient client, TestNode node)
            throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create(node.url() + "/metrics"))
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher each = METRIC.matcher(text);
        while (each.find()) {
            names.add(each.group());
        }
        return names;
    }
}
