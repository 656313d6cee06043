package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestJobs;
import dev.longshore.testing.TestNode;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

@DisplayName("Groups, secrets, expiry, the whole time and platforms, on an engine")
class FieldsIT {
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final String SECRET = "hush-4711";

    @TempDir static Path root;

    private static TestNode node;
    private static TestJobs jobs;

    @BeforeAll
    static void start() throws Exception {
        Path secrets = Files.createDirectory(root.resolve("secrets"));
        Files.writeString(root.resolve("outside"), SECRET);
        Files.writeString(secrets.resolve("team-db"), SECRET + "\n");
        Files.writeString(secrets.resolve("root-db"), SECRET);
        Files.createSymbolicLink(secrets.resolve("team-out"), root.resolve("outside"));
        node =
                new TestNode(
                        Map.of(
                                "secrets.directory",
                                secrets.toString(),
                                "policy.secrets",
                                "team-*",
                                "policy.read-roots",
                                root.toString(),
                                "jobs.cpu-overcommit",
                                "4"));
        jobs = new TestJobs(node);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void a_program_is_in_the_further_groups_that_it_asks_for() {
        JsonNode result =
                jobs.run(
                        "groups", "\"user\":\"1000:1000\",\"groups\":[\"1500\",\"1501\"]", "id -G");

        assertThat(result.path("stdout").asText().strip().split(" "))
                .containsExactlyInAnyOrder("1000", "1500", "1501");
    }

    @Test
    void a_system_group_is_not_permitted() {
        JsonNode result = jobs.run("groups-root", "\"groups\":[\"1500\",\"0\"]", "id -G");

        assertThat(result.path("state").asText()).isEqualTo("rejected");
        assertThat(result.path("reason").asText()).isEqualTo("not_permitted");
        assertThat(result.path("message").asText()).startsWith("/groups/1: ");
    }

    @Test
    void a_secret_is_a_variable_and_a_file_and_nowhere_else() throws Exception {
        JsonNode result =
                jobs.run(
                        "secret",
                        "\"user\":\"1000:1000\",\"readOnlyRootfs\":true,\"environment\":{\"PLAIN\":\"p\"},"
                            + "\"secrets\":[{\"name\":\"team-db\",\"environment\":\"DB\"},"
                            + "{\"name\":\"team-db\",\"target\":\"/run/secrets/db\"}]",
                        "echo $PLAIN ${#DB} $(stat -c '%a %u:%g' /run/secrets/db)"
                                + " $(wc -c < /run/secrets/db);"
                                + " [ \"$DB\" = \"$(cat /run/secrets/db)\" ] && echo same");

        assertThat(result.path("stdout").asText()).isEqualTo("p 9 400 1000:1000 10\nsame\n");
        assertThat(result.toString()).doesNotContain(SECRET);
        assertThat(node.statuses("secret").toString()).doesNotContain(SECRET);
        assertThat(node.get("/api/v1/executions/secret").body()).doesNotContain(SECRET);
    }

    @Test
    void a_secret_without_leave_is_not_permitted() {
        JsonNode result = jobs.run("secret-root", secret("root-db"), "echo \"$S\"");

        assertThat(result.path("reason").asText()).isEqualTo("not_permitted");
        assertThat(result.path("message").asText()).startsWith("/secrets/0/name: ");
    }

    @Test
    void a_secret_that_the_node_does_not_hold_fails_the_job_before_there_is_a_container() {
        JsonNode missing = jobs.run("secret-missing", secret("team-none"), "echo \"$S\"");
        JsonNode outside = jobs.run("secret-outside", secret("team-out"), "echo \"$S\"");

        for (JsonNode result : new JsonNode[] {missing, outside}) {
            assertThat(result.path("reason").asText()).isEqualTo("create_failed");
            assertThat(result.path("exitCode").asInt()).isEqualTo(-1);
        }
        assertThat(missing.path("message").asText()).contains("team-none");
        assertThat(outside.path("message").asText()).contains("team-out");
    }

    @Test
    void the_directory_of_secrets_cannot_be_mounted() {
        String source = root.resolve("secrets").toString();
        JsonNode result =
                jobs.run(
                        "secret-bind",
                        "\"inputs\":[{\"type\":\"bind\",\"source\":\""
                                + source
                                + "\",\"target\":\"/s\"}]",
                        "cat /s/root-db");

        assertThat(result.path("reason").asText()).isEqualTo("not_permitted");
        assertThat(result.path("stdout").asText()).isEmpty();
    }

    @Test
    void a_start_that_expired_in_its_topic_never_has_a_container() throws Exception {
        JsonNode byField =
                jobs.run("expired", "\"expiresAt\":\"2026-01-01T00:00:00Z\"", "echo ran");
        ProducerRecord<byte[], byte[]> record =
                record("expired-header", System.currentTimeMillis());
        record.headers().add("expires-at", bytes("2026-01-01T00:00:00Z"));
        node.send(record).get();
        JsonNode byHeader = node.result("expired-header");
        JsonNode inTime =
                jobs.run(
                        "not-expired",
                        "\"expiresAt\":\"" + Instant.now().plusSeconds(3600) + "\"",
                        "echo ran");

        for (JsonNode result : new JsonNode[] {byField, byHeader}) {
            assertThat(result.path("state").asText()).isEqualTo("failed");
            assertThat(result.path("reason").asText()).isEqualTo("timed_out_queue");
            assertThat(result.path("message").asText()).contains("expired in its topic");
        }
        assertThat(inTime.path("stdout").asText()).isEqualTo("ran\n");
        assertThat(node.statuses("expired")).hasSize(1);
    }

    @Test
    void the_time_in_the_topic_counts_as_waiting() throws Exception {
        Instant twoDaysAgo = Instant.now().minus(Duration.ofDays(2));

        node.send(record("waited", twoDaysAgo.toEpochMilli())).get();

        JsonNode result = node.result("waited");
        assertThat(result.path("reason").asText()).isEqualTo("timed_out_queue");
        assertThat(result.path("message").asText()).contains("waited in its topic");
    }

    @Test
    void what_takes_too_long_in_all_is_ended_however_often_it_is_tried() {
        JsonNode result =
                jobs.run(
                        "total",
                        "\"timeouts\":{\"total\":\"6s\"},\"retry\":{\"maxAttempts\":100,"
                                + "\"on\":[\"non_zero_exit\"],\"backoff\":\"1ms\"}",
                        "sleep 2; exit 1");
        JsonNode asleep = jobs.run("total-run", "\"timeouts\":{\"total\":\"3s\"}", "sleep 600");

        assertThat(result.path("reason").asText()).isIn("timed_out_total", "non_zero_exit");
        assertThat(asleep.path("reason").asText()).isEqualTo("timed_out_total");
        assertThat(asleep.path("message").asText()).contains("longer than PT3S in all");
    }

    @Test
    void an_image_of_another_platform_is_fetched_and_not_taken_for_what_is_here() throws Exception {
        JsonNode there =
                TestEngine.api().get("/images/busybox/json", CALL).orFail("inspect").json();
        String here = there.path("Os").asText() + "/" + there.path("Architecture").asText();
        String other = here.equals("linux/s390x") ? "linux/amd64" : "linux/s390x";

        JsonNode own = jobs.run("platform", "\"platform\":\"" + here + "\"", "echo ran");
        JsonNode another = jobs.run("platform-other", "\"platform\":\"" + other + "\"", "echo ran");

        assertThat(own.path("stdout").asText()).isEqualTo("ran\n");
        assertThat(another.path("reason").asText()).startsWith("image_");
        assertThat(another.path("stdout").asText()).isEmpty();
    }

    private static String secret(String name) {
        return "\"secrets\":[{\"name\":\"" + name + "\",\"environment\":\"S\"}]";
    }

    private static ProducerRecord<byte[], byte[]> record(String id, long timestamp) {
        return new ProducerRecord<>(
                node.topics().jobs(),
                null,
                timestamp,
                bytes(id),
                bytes("{\"image\":\"busybox\",\"command\":[\"echo\",\"ran\"]}"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
