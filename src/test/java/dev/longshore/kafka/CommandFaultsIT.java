package dev.longshore.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.app.dev.EmbeddedBroker;
import dev.longshore.job.JobCommand;
import dev.longshore.testing.SocketProxy;
import dev.longshore.testing.TestBroker;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Commands from a broker on a bad line, or whose topic goes away. */
class CommandFaultsIT {
    private static final int OFFSET_COMMIT = 8;
    private static final int LOST = 3;

    @TempDir Path directory;

    private final Vertx vertx = Vertx.vertx();
    private SocketProxy proxy;
    private EmbeddedBroker broker;
    private KafkaFixture kafka;
    private CommandSource commands;
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() throws Exception {
        int port = freePort();
        proxy =
                KafkaFixture.await(
                        SocketProxy.open(
                                vertx,
                                SocketAddress.inetSocketAddress(0, "127.0.0.1"),
                                SocketAddress.inetSocketAddress(port, "127.0.0.1")));
        String told = "127.0.0.1:" + proxy.port();
        broker =
                EmbeddedBroker.open(
                        directory, port, Map.of("advertised.listeners", "PLAINTEXT://" + told));
        kafka = new KafkaFixture(TestBroker.settings(told).withPartitions(1));
        commands = new CommandSource(kafka.context, kafka.settings, kafka.commands);
        KafkaFixture.await(commands.start(deliveries::add));
    }

    @AfterEach
    void close() throws Exception {
        KafkaFixture.await(commands.close());
        kafka.close();
        KafkaFixture.await(proxy.close());
        broker.close();
        KafkaFixture.await(vertx.close());
    }

    @Test
    void commits_whose_answers_are_lost_are_repeated_and_nothing_is_delivered_twice()
            throws Exception {
        AtomicInteger lost = new AtomicInteger();
        proxy.loseAnswers(request -> isCommit(request) && lost.incrementAndGet() <= LOST);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String id = "c" + i;
            ids.add(id);
            kafka.produce(kafka.topics.jobs(), 0, id, "{\"image\": \"busybox\"}");
            Delivery delivery = next();
            assertThat(id(delivery)).isEqualTo(id);
            delivery.done();
        }

        KafkaFixture.until(() -> kafka.committed(0) == ids.size());
        assertThat(lost).hasValueGreaterThanOrEqualTo(LOST);
        assertThat(deliveries).isEmpty();
    }

    @Test
    void a_topic_that_is_made_anew_is_read_from_its_beginning() throws Exception {
        for (int i = 0; i < 5; i++) {
            kafka.produce(kafka.topics.jobs(), 0, "old" + i, "{\"image\": \"busybox\"}");
            next().done();
        }
        KafkaFixture.until(() -> kafka.committed(0) == 5);

        kafka.makeAnew(kafka.topics.jobs());
        for (int i = 0; i < 2; i++) {
            kafka.produce(kafka.topics.jobs(), 0, "new" + i, "{\"image\": \"busybox\"}");
        }

        for (int i = 0; i < 2; i++) {
            Delivery delivery = next();
            assertThat(id(delivery)).isEqualTo("new" + i);
            delivery.done();
        }
        KafkaFixture.until(() -> kafka.committed(0) == 2);
        assertThat(deliveries).isEmpty();
    }

    private Delivery next() throws InterruptedException {
        Delivery delivery = deliveries.poll(KafkaFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(delivery).isNotNull();
        return delivery;
    }

    private static String id(Delivery delivery) {
        return delivery.command() instanceof JobCommand.Start start
                ? start.request().executionId().value()
                : "";
    }

    /** A request begins with its size, of four bytes, and its kind, of two. */
    private static boolean isCommit(Buffer request) {
        return request.length() > 6 && request.getShort(4) == OFFSET_COMMIT;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
