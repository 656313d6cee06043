package dev.longshore.http;

import static dev.longshore.http.HttpFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.NodeId;
import dev.longshore.job.Refusal;
import dev.longshore.job.RefusalCode;
import dev.longshore.kafka.Topics;
import dev.longshore.wire.DeadLetters;
import dev.longshore.wire.Header;
import dev.longshore.wire.Message;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

@Timeout(90)
class DeadLettersIT {
    private static final Charset UTF_8 = StandardCharsets.UTF_8;
    private static final String PATH = "/api/v1/dead-letters";
    private static HttpFixture fixture;
    private static Topics topics;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() throws Exception {
        fixture = new HttpFixture();
        topics = fixture.kafka.topics();
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", fixture.kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        for (int n = 0; n < 5; n++) {
            refuse(topics.jobs(), "job-" + n, ("{\"number\":" + n + "}").getBytes(UTF_8));
        }
        refuse(topics.jobs(), "binary", new byte[] {0, (byte) 0xff});
        refuse(topics.jobs(), "long", "ä".repeat(3_000).getBytes(UTF_8));
        refuse("of-somebody-else", "foreign", new byte[] {'{'});
        refuse(topics.control(), null, null);
    }

    @AfterAll
    static void stop() {
        producer.close(Duration.ZERO);
        fixture.close();
    }

    @Test
    void they_come_newest_first_and_page_by_page() {
        List<JsonObject> all = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        do {
            String from = cursor == null ? "" : "&cursor=" + cursor;
            HttpResponse<String> response = fixture.get(PATH + "?limit=4" + from);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonArray letters = json(response).getJsonArray("deadLetters");
            assertThat(letters.size()).isBetween(1, 4);
            letters.forEach(letter -> all.add((JsonObject) letter));
            cursor = json(response).getString("nextCursor");
            pages++;
        } while (cursor != null);

        assertThat(pages).isEqualTo(3);
        assertThat(all)
                .extracting(letter -> letter.getLong("offset"))
                .containsExactly(8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L, 0L);
        assertThat(all.get(8))
                .isEqualTo(
                        new JsonObject()
                                .put("partition", 0)
                                .put("offset", 0)
                                .put("time", all.get(8).getString("time"))
                                .put("key", "job-0")
                                .put("value", "{\"number\":0}")
                                .put("code", "INVALID_IMAGE")
                                .put("message", "/image: no")
                                .put("nodeId", "n-1")
                                .put(
                                        "origin",
                                        new JsonObject()
                                                .put("topic", topics.jobs())
                                                .put("partition", 3)
                                                .put("offset", 12)));
    }

    @Test
    void what_is_not_text_is_base64_and_what_is_long_is_cut() {
        JsonArray all = json(fixture.get(PATH)).getJsonArray("deadLetters");
        JsonObject nothing = all.getJsonObject(0);
        JsonObject longer = all.getJsonObject(2);
        JsonObject binary = all.getJsonObject(3);
        assertThat(nothing.getMap()).containsEntry("key", null).containsEntry("value", null);
        assertThat(longer.getString("value")).isEqualTo("ä".repeat(2_048));
        assertThat(longer.getBoolean("truncated")).isTrue();
        assertThat(binary.getString("valueBase64")).isEqualTo("AP8=");
        assertThat(binary.getMap()).doesNotContainKeys("value", "truncated");
    }

    @Test
    void one_is_written_again_as_it_was_to_where_it_came_from() {
        HttpResponse<String> response = fixture.post(PATH + "/0-6/replay", "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        JsonObject place = json(response);
        assertThat(place.getString("topic")).isEqualTo(topics.jobs());

        ConsumerRecord<byte[], byte[]> again =
                read(
                        new TopicPartition(topics.jobs(), place.getInteger("partition")),
                        place.getLong("offset"));
        assertThat(new String(again.key(), UTF_8)).isEqualTo("long");
        assertThat(new String(again.value(), UTF_8)).isEqualTo("ä".repeat(3_000));
        assertThat(again.headers())
                .extracting(header -> header.key() + "=" + new String(header.value(), UTF_8))
                .containsExactly("traceparent=00-1");
    }

    @Test
    void what_is_not_kept_or_not_ours_is_not_written_again() {
        HttpIT.problem(fixture.post(PATH + "/0-9/replay", ""), 404, "NOT_FOUND");
        HttpIT.problem(fixture.post(PATH + "/7-0/replay", "{}"), 404, "NOT_FOUND");
        HttpIT.problem(fixture.post(PATH + "/here/replay", ""), 404, "NOT_FOUND");
        HttpIT.problem(fixture.post(PATH + "/0-7/replay", ""), 409, "CONFLICT");
        HttpIT.problem(fixture.post(PATH + "/0-6/replay", "{\"a\":1}"), 400, "BAD_REQUEST");
        HttpIT.problem(fixture.get(PATH + "?limit=101"), 400, "INVALID_PARAMETER");
        HttpIT.problem(fixture.get(PATH + "?cursor=x"), 400, "INVALID_PARAMETER");
    }

    private static void refuse(String topic, @Nullable String key, byte @Nullable [] value)
            throws ExecutionException, InterruptedException {
        Message refused =
                new Message(
                        key == null ? null : key.getBytes(UTF_8),
                        value,
                        List.of(Header.of("traceparent", "00-1")));
        Message letter =
                DeadLetters.wrap(
                        refused,
                        new DeadLetters.Origin(topic, 3, 12, "nodes"),
                        new Refusal(RefusalCode.INVALID_IMAGE, "/image", "/image: no"),
                        new NodeId("n-1"));
        ProducerRecord<byte[], byte[]> written =
                new ProducerRecord<>(topics.deadLetters(), letter.key(), letter.value());
        letter.headers().forEach(header -> written.headers().add(header.name(), header.value()));
        producer.send(written).get();
    }

    private static ConsumerRecord<byte[], byte[]> read(TopicPartition partition, long offset) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", fixture.kafka.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            HttpFixture.until(
                    () -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
                        return !found.isEmpty();
                    });
            return found.getFirst();
        }
    }
}
