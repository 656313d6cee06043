package dev.longshore.http;

import static dev.longshore.http.HttpFixture.json;
import static dev.longshore.http.HttpFixture.newId;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.board.Samples;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.StatusEvent;

import io.vertx.core.json.JsonObject;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

@Timeout(90)
class HistoryIT {
    private static final String EXECUTIONS = "/api/v1/executions/";

    /** The board keeps two hundred. */
    private static final int EVENTS = 230;

    private static HttpFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new HttpFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void what_the_board_let_go_of_is_read_from_the_topic() {
        ExecutionId id = newId();
        for (int sequence = 1; sequence <= EVENTS; sequence++) {
            fixture.status(id, sequence, ExecutionState.PAUSED, null);
        }
        assertThat(Objects.requireNonNull(fixture.board.find(id)).history())
                .hasSizeLessThan(EVENTS);

        JsonObject answer = json(fixture.get(EXECUTIONS + id + "/history"));

        assertThat(answer.getBoolean("complete")).isTrue();
        assertThat(answer.getJsonArray("history"))
                .extracting(event -> ((JsonObject) event).getLong("sequence"))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, EVENTS).boxed().toList());
    }

    @Test
    void a_history_with_a_hole_is_told_as_far_as_it_goes() {
        ExecutionId id = newId();
        fixture.status(id, 1, ExecutionState.ACCEPTED, null);
        assertThat(json(fixture.get(EXECUTIONS + id + "/history")).getBoolean("complete")).isTrue();
        fixture.status(id, 3, ExecutionState.STARTING, null);

        JsonObject answer = json(fixture.get(EXECUTIONS + id + "/history"));

        assertThat(answer.getBoolean("complete")).isFalse();
        assertThat(answer.getJsonArray("history")).hasSize(2);
    }

    @Test
    void what_was_asked_is_told_without_what_may_be_secret() throws Exception {
        ExecutionId id = newId();
        RecordMetadata place =
                produce(
                        id,
                        """
                        {"image":"busybox","command":["true"],"environment":{"TOKEN":"s3cret"},
                         "inputs":[{"type":"inline","target":"/a","content":"s3cret"},
                                   {"type":"inline","target":"/b","contentBase64":"czNjcmV0AA=="}],
                         "provision":[{"name":"one","script":"#!/bin/sh\\necho s3cret"}]}
                        """);
        known(id, new CommandPosition(place.topic(), place.partition(), place.offset()));

        for (int times = 0; times < 2; times++) {
            String body = fixture.get(EXECUTIONS + id).body();
            assertThat(body).doesNotContain("s3cret").doesNotContain("czNjcmV0");
            assertThat(new JsonObject(body).getJsonObject("spec"))
                    .isEqualTo(
                            new JsonObject(
                                    """
                                    {"jobId":"ID","image":"busybox","command":["true"],
                                     "environment":{"TOKEN":"***"},
                                     "inputs":[{"type":"inline","target":"/a","content":"***"},
                                               {"type":"inline","target":"/b","content":"***"}],
                                     "provision":[{"name":"one","script":"***"}],
                                     "executionId":"ID"}
                                    """
                                            .replace("ID", id.value())));
        }
    }

    @Test
    void a_command_that_is_gone_or_anothers_is_not_told() throws Exception {
        ExecutionId gone = newId();
        known(gone, new CommandPosition(fixture.kafka.topics().jobs(), 0, 1_000_000));
        assertThat(json(fixture.get(EXECUTIONS + gone)).containsKey("spec")).isFalse();

        RecordMetadata place = produce(newId(), "{\"image\":\"busybox\"}");
        ExecutionId other = newId();
        known(other, new CommandPosition(place.topic(), place.partition(), place.offset()));
        assertThat(json(fixture.get(EXECUTIONS + other)).containsKey("spec")).isFalse();
    }

    private static RecordMetadata produce(ExecutionId id, String json) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", fixture.kafka.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            return producer.send(
                            new ProducerRecord<>(fixture.kafka.topics().jobs(), id.value(), json))
                    .get();
        }
    }

    private static void known(ExecutionId id, CommandPosition command) {
        StatusEvent plain = Samples.status(id, 1, ExecutionState.ACCEPTED, null);
        fixture.said(
                new StatusEvent(
                        id,
                        plain.jobId(),
                        plain.nodeId(),
                        1,
                        1,
                        plain.state(),
                        null,
                        null,
                        null,
                        plain.time(),
                        null,
                        plain.image(),
                        plain.resources(),
                        null,
                        List.of(),
                        null,
                        plain.specHash(),
                        command));
    }
}
