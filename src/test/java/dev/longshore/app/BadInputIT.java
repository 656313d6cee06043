package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.testing.TestNode;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;

@DisplayName("Forty bad inputs: what comes by topic is refused with its code and stops nobody")
class BadInputIT {
    private static final String CODE = "__dlq.errors.code";
    private static final String MESSAGE = "__dlq.errors.message";
    private static final int LARGE = 8 << 20;

    @TempDir static Path directory;

    private static TestNode node;
    private static List<BadInputs.Row> rows;

    /** The dead letter of each row, by the row's place in the list. */
    private static final Map<Integer, ConsumerRecord<byte[], byte[]>> letters = new HashMap<>();

    @BeforeAll
    static void sendThemAll() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/etc"));
        node =
                new TestNode(
                        Map.of(
                                "topics.partitions", "1",
                                "policy.images", "docker.io/library/*,127.0.0.1:1/*",
                                "policy.read-roots", directory.toString()));
        allowLarge(node.topics().jobs());
        allowLarge(node.topics().deadLetters());
        rows = BadInputs.all(link);
        node.submit("before", job("\"command\":[\"true\"]"));
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (BadInputs.Row row : rows) {
            sent.add(
                    node.send(
                            new ProducerRecord<>(
                                    node.topics().jobs(), bytes(row.key()), row.value())));
        }
        node.submit("after", job("\"command\":[\"true\"]"));
        Map<Long, Integer> byOffset = new HashMap<>();
        for (int i = 0; i < sent.size(); i++) {
            byOffset.put(sent.get(i).get().offset(), i);
        }
        node.result("after");
        node.readEach(
                node.topics().deadLetters(),
                letter -> {
                    if (node.topics()
                            .jobs()
                            .equals(TestNode.header(letter, "__dlq.errors.topic"))) {
                        letters.put(byOffset.get(offset(letter)), letter);
                    }
                    return letters.size() == rows.size();
                });
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    static List<BadInputs.Row> rows() throws Exception {
        return rows;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void a_bad_start_is_a_dead_letter(BadInputs.Row row) {
        ConsumerRecord<byte[], byte[]> letter =
                Objects.requireNonNull(letters.get(rows.indexOf(row)), row::toString);

        assertThat(TestNode.header(letter, CODE))
                .as(TestNode.header(letter, MESSAGE))
                .isEqualTo(row.code().name());
        assertThat(TestNode.header(letter, MESSAGE)).startsWith(row.field());
        assertThat(letter.key()).isEqualTo(bytes(row.key()));
        if (row.value() != null && row.value().length > 4_000_000) {
            assertThat(TestNode.header(letter, "__dlq.errors.value"))
                    .isEqualTo("left out: " + row.value().length + " bytes");
        } else {
            assertThat(letter.value()).isEqualTo(row.value());
        }
        if (row.rejected()) {
            String id = Objects.requireNonNull(row.key(), "key");
            JsonNode result = node.result(id);
            assertThat(result.path("state").asText()).isEqualTo("rejected");
            assertThat(result.path("reason").asText()).isEqualToIgnoringCase(row.code().name());
            assertThat(node.statuses(id).getLast().path("state").asText()).isEqualTo("rejected");
        }
    }

    @Test
    void the_jobs_around_them_in_their_partition_ran() {
        assertThat(node.result("before").path("state").asText()).isEqualTo("succeeded");
        assertThat(node.result("after").path("state").asText()).isEqualTo("succeeded");
        assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void a_message_says_where_and_does_not_echo_at_length() {
        assertThat(letters.values())
                .extracting(letter -> String.valueOf(TestNode.header(letter, MESSAGE)))
                .allMatch(message -> message.length() < 600)
                .allMatch(message -> message.chars().noneMatch(Character::isISOControl))
                .anyMatch(message -> message.contains("line 1, column"));
    }

    @Test
    @DisplayName(
            "8 a byte order mark is passed over; 11 no id is the key; 14 CON; 25 no name of"
                    + " an environment variable is ours")
    void what_others_refuse_and_runs_here() throws Exception {
        node.submit("marked", "\ufeff" + job("\"command\":[\"true\"]"));
        node.submit("CON", job("\"command\":[\"true\"]"));
        node.submit(
                "preload",
                job(
                        "\"environment\":{\"LONGSHORE_X\":\"1\",\"LD_PRELOAD\":\"\"},"
                                + "\"command\":[\"sh\",\"-c\",\"echo $LONGSHORE_X\"]"));
        RecordMetadata keyless =
                node.send(
                                new ProducerRecord<>(
                                        node.topics().jobs(),
                                        job("\"command\":[\"true\"]").getBytes(UTF_8)))
                        .get();
        String made = (keyless.topic() + "-0-" + keyless.offset()).replace('.', '-');

        for (String id : List.of("marked", "CON", "preload", made)) {
            assertThat(node.result(id).path("state").asText()).as(id).isEqualTo("succeeded");
        }
        assertThat(node.result("preload").path("stdout").asText()).isEqualTo("1\n");
    }

    @Test
    @DisplayName("15 another start under the id of one that lives; 16 the same one after its end")
    void an_id_is_one_execution() {
        String start = job("\"command\":[\"sleep\",\"600\"]");
        String other = job("\"command\":[\"sleep\",\"601\"]");
        node.submit("once", start);
        node.readEach(node.topics().status(), each -> isState(each, "once", "running"));
        node.submit("once", start);
        node.submit("once", other);
        assertThat(letterOf("once", other, "ALREADY_STARTED")).isNotNull();
        control("{\"type\":\"cancel\",\"executionId\":\"once\"}");
        node.result("once");
        node.submit("once", start);
        node.submit("once", other);
        assertThat(letterOf("once", other, "ALREADY_FINISHED")).isNotNull();
        node.submit("once-later", job("\"command\":[\"true\"]"));
        node.result("once-later");

        assertThat(
                        node.read(
                                node.topics().results(),
                                records -> records.stream().anyMatch(r -> hasKey(r, "once-later"))))
                .filteredOn(each -> hasKey(each, "once"))
                .hasSize(1);
    }

    @Test
    @DisplayName("19 an image that is nowhere is a failure of the job, not of the command")
    void an_image_that_is_nowhere() {
        node.submit("nowhere", "{\"image\":\"nope:1\",\"pullPolicy\":\"never\"}");
        node.submit("no-registry", "{\"image\":\"127.0.0.1:1/nope:1\"}");

        assertThat(node.result("nowhere").path("reason").asText()).isEqualTo("image_not_found");
        assertThat(node.result("no-registry").path("reason").asText())
                .isEqualTo("image_pull_failed");
    }

    @Test
    @DisplayName("34 cancel of an unknown id is kept for it, twice is once, after the end is late")
    void cancels() {
        control("{\"type\":\"cancel\",\"executionId\":\"unknown\"}");
        node.submit("twice", job("\"command\":[\"sleep\",\"600\"]"));
        node.readEach(node.topics().status(), each -> isState(each, "twice", "running"));
        String cancel = "{\"type\":\"cancel\",\"executionId\":\"twice\",\"reason\":\"first\"}";
        control(cancel);
        control(cancel);
        assertThat(node.result("twice").path("reason").asText()).isEqualTo("cancelled");
        String late = "{\"type\":\"cancel\",\"executionId\":\"twice\",\"reason\":\"late\"}";
        control(late);

        assertThat(letterOf("", late, "ALREADY_FINISHED")).isNotNull();
        node.submit("unknown", job("\"command\":[\"sleep\",\"600\"]"));
        assertThat(node.result("unknown").path("state").asText()).isEqualTo("cancelled");
    }

    @Test
    @DisplayName("1 to 17 by the topic of control")
    void a_bad_control_is_a_dead_letter() {
        Map<String, String> codes = new HashMap<>();
        codes.put("not json", "MALFORMED_JSON");
        codes.put("[]", "NOT_AN_OBJECT");
        codes.put("{\"type\":\"lunch\",\"executionId\":\"a\"}", "UNKNOWN_COMMAND");
        codes.put("{\"executionId\":\"a\"}", "MISSING_FIELD");
        codes.put("{\"type\":\"cancel\",\"type\":\"cancel\"}", "DUPLICATE_KEY");
        codes.put("{\"type\":\"cancel\",\"executionId\":\"../x\"}", "INVALID_EXECUTION_ID");
        codes.put("{\"type\":\"cancel\",\"executionId\":\"a\",\"now\":1}", "UNKNOWN_FIELD");
        codes.put("{\"type\":\"signal\",\"executionId\":\"a\",\"signal\":\"no\"}", "INVALID_FIELD");
        codes.put("[".repeat(100_000), "TOO_DEEP");
        codes.keySet().forEach(BadInputIT::control);

        codes.forEach((value, code) -> assertThat(letterOf("", value, code)).isNotNull());
    }

    /** The dead letter with this value and code, waited for. */
    private static ConsumerRecord<byte[], byte[]> letterOf(String key, String value, String code) {
        byte[] wanted = value.getBytes(UTF_8);
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        node.readEach(
                node.topics().deadLetters(),
                letter -> {
                    boolean is =
                            hasKey(letter, key)
                                    && Arrays.equals(letter.value(), wanted)
                                    && code.equals(TestNode.header(letter, CODE));
                    if (is) {
                        found.add(letter);
                    }
                    return is;
                });
        return found.getFirst();
    }

    private static void allowLarge(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServers()))) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry(
                                                            "max.message.bytes",
                                                            String.valueOf(LARGE)),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static void control(String json) {
        node.produce(node.topics().control(), null, json);
    }

    private static String job(String fields) {
        return "{\"image\":\"busybox\"," + fields + "}";
    }

    private static long offset(ConsumerRecord<byte[], byte[]> letter) {
        return Long.parseLong(String.valueOf(TestNode.header(letter, "__dlq.errors.offset")));
    }

    private static boolean isState(ConsumerRecord<byte[], byte[]> each, String id, String state) {
        return hasKey(each, id) && state.equals(TestNode.json(each).path("state").asText());
    }

    private static boolean hasKey(ConsumerRecord<byte[], byte[]> each, String id) {
        return id.equals(TestNode.text(each.key()));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
