package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.testing.SocketProxy;
import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestNode;

import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An engine that takes connections and says nothing must hold up nobody but the jobs that need it.
 */
class StalledEngineIT {
    private static final Duration STALL = Duration.ofSeconds(20);
    private static final long HEALTH_LIMIT_MS = 100;

    @Test
    void
            while_the_engine_says_nothing_health_answers_threads_do_not_grow_and_jobs_go_on_afterwards()
                    throws Exception {
        Vertx vertx = Vertx.vertx();
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "ls-proxy-");
        Path socket = directory.resolve("s");
        SocketProxy proxy =
                SocketProxy.open(
                                vertx,
                                SocketAddress.domainSocketAddress(socket.toString()),
                                SocketAddress.domainSocketAddress(
                                        URI.create(TestEngine.host()).getPath()))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
        try (TestNode node =
                new TestNode(
                        Map.of(
                                "docker.host",
                                "unix://" + socket,
                                "docker.call-deadline",
                                "3s",
                                "docker.start-deadline",
                                "3s"))) {
            node.submit("before", "{\"image\":\"busybox\",\"command\":[\"true\"]}");
            assertThat(node.result("before").path("state").asText()).isEqualTo("succeeded");
            node.get("/health/live");
            proxy.mode(SocketProxy.Mode.STALL);
            for (int i = 0; i < 40; i++) {
                node.submit("during-" + i, "{\"image\":\"busybox\",\"command\":[\"true\"]}");
            }

            List<Long> answers = new ArrayList<>();
            int mostThreadsAtFirst = 0;
            int mostThreadsLater = 0;
            CountDownLatch never = new CountDownLatch(1);
            long half = System.nanoTime() + STALL.toNanos() / 2;
            long end = System.nanoTime() + STALL.toNanos();
            while (System.nanoTime() < end) {
                long asked = System.nanoTime();
                assertThat(node.get("/health/live").statusCode()).isEqualTo(200);
                answers.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked));
                int threads = Thread.getAllStackTraces().size();
                // The pools fill up to their bounds within the first half, and stay there.
                if (System.nanoTime() < half) {
                    mostThreadsAtFirst = Math.max(mostThreadsAtFirst, threads);
                } else {
                    mostThreadsLater = Math.max(mostThreadsLater, threads);
                }
                assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
            }
            proxy.mode(SocketProxy.Mode.PASS);

            answers.sort(null);
            // The tests share the machine with the engine: the slowest tenth belongs to the
            // scheduler.
            assertThat(answers.get(answers.size() * 9 / 10)).isLessThan(HEALTH_LIMIT_MS);
            assertThat(mostThreadsLater).isLessThanOrEqualTo(mostThreadsAtFirst + 2);
            for (int i = 0; i < 40; i++) {
                JsonNode result = node.result("during-" + i);
                assertThat(result.path("state").asText()).isEqualTo("succeeded");
            }
        } finally {
            proxy.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            Files.deleteIfExists(socket);
            Files.deleteIfExists(directory);
        }
    }
}
