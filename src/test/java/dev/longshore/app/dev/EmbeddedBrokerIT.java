package dev.longshore.app.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.testing.TestBroker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

class EmbeddedBrokerIT {
    @TempDir Path directory;

    /**
     * A broker in a process of its own, which produces one record and then dies without closing
     * anything.
     */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            EmbeddedBroker broker = EmbeddedBroker.open(Path.of(arguments[0]), 0);
            produce(broker.bootstrapServers(), "written before the halt");
            Runtime.getRuntime().halt(9);
        }
    }

    @Test
    void what_it_holds_survives_a_halt_and_a_change_of_ports() throws Exception {
        Process victim =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Victim.class.getName(),
                                directory.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = outputOf(victim);
        assertThat(victim.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(victim.exitValue()).as(said).isEqualTo(9);

        String clusterId;
        try (EmbeddedBroker reopened = EmbeddedBroker.open(directory, 0)) {
            produce(reopened.bootstrapServers(), "written after");
            assertThat(read(reopened.bootstrapServers(), 2))
                    .containsExactly("written before the halt", "written after");
            clusterId = clusterId(reopened);
        }
        try (EmbeddedBroker again = EmbeddedBroker.open(directory, 0)) {
            assertThat(clusterId(again)).isEqualTo(clusterId);
            assertThat(read(again.bootstrapServers(), 2)).hasSize(2);
        }
    }

    @Test
    void a_port_in_use_is_named() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedBroker.open(directory, taken.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(
                            "port " + taken.getLocalPort() + " on 127.0.0.1 is in use");
        }
    }

    @Test
    void a_directory_in_use_is_named() throws Exception {
        try (EmbeddedBroker first = EmbeddedBroker.open(directory, 0)) {
            assertThat(first.port()).isPositive();
            assertThatThrownBy(() -> EmbeddedBroker.open(directory, 0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(directory + " is in use");
        }
    }

    @Test
    void no_thread_that_keeps_a_process_alive_outlives_it() throws Exception {
        List<Thread> before = undying();
        EmbeddedBroker.open(directory, 0).close();
        List<Thread> after = undying();
        after.removeAll(before);
        assertThat(after).isEmpty();
    }

    @Test
    void the_shared_broker_answers() throws Exception {
        assertThat(clusterId(TestBroker.shared())).isNotBlank();
    }

    private static List<Thread> undying() {
        List<Thread> threads = new ArrayList<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(Thread::isDaemon);
        return threads;
    }

    private static String clusterId(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.describeCluster().clusterId().get(20, TimeUnit.SECONDS);
        }
    }

    private static void produce(String bootstrapServers, String value) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(
                                Map.of("bootstrap.servers", bootstrapServers),
                                new StringSerializer(),
                                new StringSerializer())) {
            if (!admin.listTopics().names().get(20, TimeUnit.SECONDS).contains("kept")) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get(20, TimeUnit.SECONDS);
            }
            producer.send(new ProducerRecord<>("kept", 0, "key", value)).get(20, TimeUnit.SECONDS);
        }
    }

    private static List<String> read(String bootstrapServers, int wanted) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "auto.offset.reset",
                                "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("kept", 0)));
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < wanted && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(found -> values.add(found.value()));
            }
        }
        return values;
    }

    private static String outputOf(Process process) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            StringBuilder said = new StringBuilder();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                said.append(line).append('\n');
            }
            return said.toString();
        }
    }
}
