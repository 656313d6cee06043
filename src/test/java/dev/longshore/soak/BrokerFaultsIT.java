package dev.longshore.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.kafka.Topics;
import dev.longshore.testing.JavaProcess;
import dev.longshore.testing.SocketProxy;
import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestNode;
import dev.longshore.testing.Topic;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A node whose broker is killed, or is there and says nothing: jobs go on, HTTP answers, and in the
 * end each job is told of once, in order. System properties: {@code soak.outage}, how many seconds
 * (10, with {@code -Psoak} 60); {@code soak.short-jobs}, how many are under way when the broker is
 * killed (40, 100).
 */
class BrokerFaultsIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration OUTAGE = Duration.ofSeconds(Form.number("soak.outage", 10, 60));
    private static final int SHORT_JOBS = Form.number("soak.short-jobs", 40, 100);

    /** A node that kept what these print, instead of leaving it with the engine, would not last. */
    private static final int MANY_LINES = 10_000;

    private static final Pattern URL = Pattern.compile("^ready http=(\\S+)", Pattern.MULTILINE);

    private static Vertx vertx;
    private static SocketProxy proxy;
    private static Stage stage;
    private final CountDownLatch never = new CountDownLatch(1);
    private final Set<String> ended = new TreeSet<>();

    @BeforeAll
    static void open() throws Exception {
        Assumptions.assumeTrue(TestEngine.hasOwnEngines(), "needs an engine of its own");
        vertx = Vertx.vertx();
        int port = Stage.freePort();
        proxy =
                await(
                        SocketProxy.open(
                                vertx,
                                SocketAddress.inetSocketAddress(0, "127.0.0.1"),
                                SocketAddress.inetSocketAddress(port, "127.0.0.1")));
        stage = Stage.open(port, proxy.port());
    }

    @AfterAll
    static void close() throws Exception {
        if (stage != null) {
            stage.close();
        }
        if (vertx != null) {
            await(proxy.close());
            await(vertx.close());
        }
    }

    @Test
    void jobs_go_on_while_the_broker_is_killed_and_each_is_told_of_once_and_in_order()
            throws Exception {
        List<Job> jobs = new ArrayList<>();
        jobs.add(new Job("killed-talker", MANY_LINES, Job.Ending.SUCCEEDS));
        for (int i = 1; i <= SHORT_JOBS; i++) {
            jobs.add(new Job("killed-" + i, 2, Job.Ending.values()[i % 4]));
        }
        try (JavaProcess node = new JavaProcess(stage.node("killed", 3), stage.log("killed"))) {
            Stage.startReady(node);
            jobs.forEach(job -> stage.submit("killed", job));
            awaitResults("killed", all -> all.size() >= 10);

            stage.killBroker();
            answersMeanwhile(node);
            stage.startBroker();

            assertAllWell("killed", node, jobs);
        }
    }

    @Test
    void a_node_that_is_cut_off_from_the_broker_goes_on_when_it_hears_of_it_again()
            throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            jobs.add(new Job("cut-off-" + i, 100, Job.Ending.values()[i % 4]));
        }
        try (JavaProcess node = new JavaProcess(stage.node("cut-off", 3), stage.log("cut-off"))) {
            Stage.startReady(node);
            jobs.forEach(job -> stage.submit("cut-off", job));
            awaitRecord("cut-off");

            proxy.mode(SocketProxy.Mode.STALL);
            answersMeanwhile(node);
            proxy.mode(SocketProxy.Mode.PASS);

            assertAllWell("cut-off", node, jobs);
        }
    }

    @Test
    void
            a_node_that_is_told_to_stop_while_the_broker_is_away_does_and_its_next_life_tells_the_rest()
                    throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            jobs.add(new Job("stopped-" + i, 20 * i, Job.Ending.values()[i % 4]));
        }
        JavaProcess.Program program = stage.node("stopped", 3);
        try (JavaProcess node = new JavaProcess(program, stage.log("stopped"))) {
            Stage.startReady(node);
            jobs.forEach(job -> stage.submit("stopped", job));
            awaitRecord("stopped");

            stage.killBroker();
            // Some end meanwhile, of which nobody can be told.
            assertThat(never.await(3, TimeUnit.SECONDS)).isFalse();
            node.terminate();
            assertThat(node.endsWithin(Duration.ofMinutes(2))).as(node.printed()).isTrue();
            // Every part kept its own deadline, which come to less than half a minute in all.
            assertThat(node.printed()).doesNotContain("did not stop in good order");

            stage.startBroker();
            Stage.startReady(node);
            assertAllWell("stopped", node, jobs);
        }
    }

    /** For as long as the outage lasts. */
    private void answersMeanwhile(JavaProcess node) throws InterruptedException, IOException {
        Matcher url = URL.matcher(node.printed());
        assertThat(url.find()).isTrue();
        long until = System.nanoTime() + OUTAGE.toNanos();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (System.nanoTime() < until) {
                assertThat(status(http, url.group(1) + "/health/live")).isEqualTo(200);
                assertThat(status(http, url.group(1) + "/api/v1/executions")).isEqualTo(200);
                assertThat(never.await(200, TimeUnit.MILLISECONDS)).isFalse();
            }
            assertThat(start(http, url.group(1))).isEqualTo(503);
        }
        assertThat(node.isAlive()).as(node.printed()).isTrue();
    }

    private static int status(HttpClient http, String url)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT).build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** A start that nobody can take on says so, instead of hanging. */
    private static int start(HttpClient http, String url) throws IOException, InterruptedException {
        String body = "{\"image\":\"no-such-image\"}";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/api/v1/executions"))
                        .timeout(LIMIT)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private void awaitRecord(String name) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (Topic logs = new Topic(stage.bootstrap(), Topics.withPrefix(name).logs())) {
            while (logs.next().isEmpty()) {
                assertThat(System.nanoTime()).as("waiting for a line").isLessThan(deadline);
            }
        }
    }

    private void awaitResults(String name, Predicate<Set<String>> enough) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (Topic results = new Topic(stage.bootstrap(), Topics.withPrefix(name).results())) {
            while (!enough.test(ended)) {
                results.next().forEach(each -> ended.add(TestNode.text(each.key())));
                assertThat(System.nanoTime()).as("ended are " + ended).isLessThan(deadline);
            }
        }
    }

    private void assertAllWell(String name, JavaProcess node, List<Job> jobs)
            throws IOException, InterruptedException {
        Set<String> all = jobs.stream().map(Job::id).collect(Collectors.toSet());
        awaitResults(name, there -> there.containsAll(all));
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!stage.containers(name).isEmpty()) {
            assertThat(System.nanoTime()).as("containers are left").isLessThan(deadline);
            assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
        }
        Evidence evidence = Evidence.gather(stage, name);
        List<String> problems = new ArrayList<>();
        jobs.forEach(job -> problems.addAll(evidence.problems(job)));
        assertThat(problems).as(node.printed()).isEmpty();
        assertThat(node.isAlive()).as(node.printed()).isTrue();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
