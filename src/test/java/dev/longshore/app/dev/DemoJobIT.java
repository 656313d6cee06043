package dev.longshore.app.dev;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** The demo's job on a real broker, with a thread that answers as a node would. */
class DemoJobIT {
    private final List<String> told = new ArrayList<>();

    @Test
    void a_job_goes_to_the_topic_and_everything_said_about_it_comes_back(@TempDir Path directory)
            throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.open(directory, 0)) {
            createTopics(broker.bootstrapServers());
            AtomicReference<String> command = new AtomicReference<>("");
            Thread node =
                    Thread.ofVirtual().start(() -> answer(broker.bootstrapServers(), command));
            JsonNode result =
                    new DemoJob(broker.bootstrapServers(), "t", new Notes())
                            .run(
                                    "demo-1",
                                    "busybox",
                                    List.of("echo", "hi"),
                                    Duration.ofSeconds(60));
            node.join();
            assertThat(result.path("exitCode").asInt()).isEqualTo(3);
            assertThat(command.get())
                    .isEqualTo(
                            "demo-1 {\"jobId\":\"demo\",\"image\":\"busybox\","
                                    + "\"command\":[\"echo\",\"hi\"]}");
            assertThat(told)
                    .containsExactlyInAnyOrder(
                            "status accepted", "status failed", "stdout hi", "stderr oh");
        }
    }

    private static void createTopics(String servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(
                            Stream.of("t.jobs", "t.status", "t.logs", "t.results")
                                    .map(name -> new NewTopic(name, 2, (short) 1))
                                    .toList())
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static void answer(String servers, AtomicReference<String> command) {
        Map<String, Object> properties = Map.of("bootstrap.servers", servers);
        try (KafkaConsumer<String, String> jobs =
                        new KafkaConsumer<>(
                                properties, new StringDeserializer(), new StringDeserializer());
                KafkaProducer<String, String> events =
                        new KafkaProducer<>(
                                properties, new StringSerializer(), new StringSerializer())) {
            List<TopicPartition> partitions =
                    List.of(new TopicPartition("t.jobs", 0), new TopicPartition("t.jobs", 1));
            jobs.assign(partitions);
            jobs.seekToBeginning(partitions);
            ConsumerRecord<String, String> start = null;
            while (start == null) {
                for (ConsumerRecord<String, String> seen : jobs.poll(Duration.ofMillis(200))) {
                    start = seen;
                }
            }
            command.set(start.key() + " " + start.value());
            say(events, record("t.status", start.key(), "{\"state\":\"accepted\"}"));
            say(events, record("t.status", "another", "{\"state\":\"running\"}"));
            say(events, line(start.key(), "stdout", "hi"));
            say(events, line(start.key(), "stderr", "oh"));
            say(events, record("t.results", start.key(), "{\"state\":\"failed\",\"exitCode\":3}"));
            say(events, record("t.status", start.key(), "{\"state\":\"failed\"}"));
            ProducerRecord<String, String> end = record("t.logs", start.key(), "");
            end.headers().add("end", new byte[] {'1'});
            say(events, end);
        }
    }

    private static void say(
            KafkaProducer<String, String> events, ProducerRecord<String, String> event) {
        try {
            events.send(event).get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static ProducerRecord<String, String> record(String topic, String key, String value) {
        return new ProducerRecord<>(topic, key, value);
    }

    private static ProducerRecord<String, String> line(String key, String stream, String text) {
        ProducerRecord<String, String> line = record("t.logs", key, text);
        line.headers().add("stream", stream.getBytes(StandardCharsets.UTF_8));
        return line;
    }

    /** Keeps what it is told. */
    private final class Notes implements DemoJob.Listener {
        @Override
        public void status(JsonNode status) {
            told.add("status " + status.path("state").asText());
        }

        @Override
        public void line(String stream, String text) {
            told.add(stream + " " + text);
        }
    }
}
