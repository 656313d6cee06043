package dev.longshore.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.kafka.Topics;
import dev.longshore.testing.JavaProcess;
import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestNode;
import dev.longshore.testing.Topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Commands that are delivered to another node, delivered again, or gone with their topic: nothing
 * is started twice, and whatever runs is told of.
 */
class GroupFaultsIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static Stage stage;
    private final CountDownLatch never = new CountDownLatch(1);
    private final List<Job> jobs = new ArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        Assumptions.assumeTrue(TestEngine.hasOwnEngines(), "needs an engine of its own");
        stage = Stage.open();
    }

    @AfterAll
    static void close() throws IOException {
        if (stage != null) {
            stage.close();
        }
    }

    @Test
    void a_second_node_that_joins_and_leaves_while_jobs_run_and_wait_neither_repeats_nor_loses_any()
            throws Exception {
        Map<String, String> few = Map.of("jobs.max-running", "4");
        Map<String, String> second = Map.of("jobs.max-running", "4", "node.id", "rebalance-second");
        try (JavaProcess one =
                        new JavaProcess(stage.node("rebalance", 4, few), stage.log("rebalance"));
                JavaProcess other =
                        new JavaProcess(
                                stage.node("rebalance", 4, second), stage.log("rebalance-2"))) {
            Stage.startReady(one);
            // Four run, the others wait in custody: they go to the second node, which parks them.
            submit("rebalance", 12, 60);
            Stage.startReady(other);
            submit("rebalance", 12, 60);
            awaitResults("rebalance", ended -> ended.size() >= 6);
            other.terminate();
            assertThat(other.endsWithin(LIMIT)).isTrue();
            submit("rebalance", 4, 20);
            awaitResults("rebalance", ended -> ended.size() >= 10);
            Stage.startReady(other);
            other.kill();
            Stage.startReady(other);

            assertAllWell("rebalance", List.of("rebalance", "rebalance-second"));
            assertThat(one.isAlive()).as(one.printed()).isTrue();
            assertThat(other.isAlive()).as(other.printed()).isTrue();
        }
    }

    @Test
    void a_group_whose_offsets_are_gone_is_given_every_start_again_and_runs_none_of_them_again()
            throws Exception {
        try (JavaProcess node = new JavaProcess(stage.node("forgot", 2), stage.log("forgot"));
                Admin admin = admin()) {
            Stage.startReady(node);
            submit("forgot", 6, 1);
            awaitResults("forgot", ended -> ended.size() >= 3);
            submit("forgot", 4, 200);
            awaitRunning("forgot", jobs.getLast());
            node.terminate();
            assertThat(node.endsWithin(LIMIT)).isTrue();

            admin.deleteConsumerGroups(List.of("forgot-nodes")).all().get(60, TimeUnit.SECONDS);
            Stage.startReady(node);
            submit("forgot", 1, 1);

            assertAllWell("forgot", List.of("forgot"));
        }
    }

    @Test
    void a_topic_of_jobs_that_is_made_anew_while_the_node_is_down_takes_no_program_with_it()
            throws Exception {
        try (JavaProcess node = new JavaProcess(stage.node("anew", 1), stage.log("anew"));
                Admin admin = admin()) {
            Stage.startReady(node);
            Job running = new Job("anew-running", 100, Job.Ending.SUCCEEDS);
            submit("anew", running);
            awaitRunning("anew", running);
            node.terminate();
            assertThat(node.endsWithin(LIMIT)).isTrue();

            makeAnew(admin, Topics.withPrefix("anew").jobs());
            // Where the command of the running one stood, there is another one now.
            submit("anew", 3, 5);
            Stage.startReady(node);

            assertAllWell("anew", List.of("anew"));
        }
    }

    @Test
    void topics_that_are_made_anew_under_a_running_node_are_read_and_written_from_their_beginning()
            throws Exception {
        try (JavaProcess node = new JavaProcess(stage.node("renewed", 1), stage.log("renewed"));
                Admin admin = admin()) {
            Stage.startReady(node);
            submit("renewed", 5, 1);
            Job running = new Job("renewed-running", 400, Job.Ending.SUCCEEDS);
            stage.submit("renewed", running);
            awaitResults("renewed", ended -> ended.size() >= 5);
            awaitRunning("renewed", running);

            makeAnew(admin, Topics.withPrefix("renewed").jobs());
            makeAnew(admin, Topics.withPrefix("renewed").logs());
            jobs.clear();
            submit("renewed", new Job("renewed-after", 5, Job.Ending.SUCCEEDS));

            awaitResults("renewed", ended -> ended.contains(running.id()));
            assertAllWell("renewed", List.of("renewed"));
            assertCutOffAtItsBeginning(running);
        }
    }

    /** What the old topic had is gone, which is said; what came since is whole. */
    private static void assertCutOffAtItsBeginning(Job job) {
        Topics topics = Topics.withPrefix("renewed");
        try (Topic results = new Topic(stage.bootstrap(), topics.results());
                Topic logs = new Topic(stage.bootstrap(), topics.logs())) {
            List<JsonNode> told =
                    results.all().stream()
                            .filter(each -> job.id().equals(TestNode.text(each.key())))
                            .map(TestNode::json)
                            .toList();
            assertThat(told).hasSize(1);
            JsonNode log = told.getFirst().path("log");
            assertThat(told.getFirst().path("state").asText()).isEqualTo("succeeded");
            assertThat(log.path("lines").asInt()).isEqualTo(2 * job.lines());
            assertThat(log.path("complete").asBoolean()).isFalse();
            List<ConsumerRecord<byte[], byte[]>> lines =
                    logs.all().stream()
                            .filter(each -> job.id().equals(TestNode.text(each.key())))
                            .filter(each -> TestNode.header(each, "seq") != null)
                            .toList();
            List<Long> seqs =
                    lines.stream()
                            .map(each -> Long.valueOf(String.valueOf(TestNode.header(each, "seq"))))
                            .toList();
            assertThat(seqs)
                    .isEqualTo(
                            LongStream.range(seqs.getFirst(), 2L * job.lines()).boxed().toList());
            assertThat(log.path("firstOffset").asLong())
                    .isLessThanOrEqualTo(lines.getFirst().offset());
            assertThat(log.path("lastOffset").asLong()).isEqualTo(lines.getLast().offset());
        }
    }

    private void submit(String name, int many, int lines) {
        for (int i = 0; i < many; i++) {
            Job.Ending ending = Job.Ending.values()[jobs.size() % Job.Ending.values().length];
            submit(name, new Job(name + "-" + jobs.size(), lines, ending));
        }
    }

    private void submit(String name, Job job) {
        jobs.add(job);
        stage.submit(name, job);
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", stage.bootstrap()));
    }

    /** With as many partitions as before. */
    private void makeAnew(Admin admin, String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get(60, TimeUnit.SECONDS);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        boolean made = false;
        while (!made) {
            assertThat(System.nanoTime()).as("making " + topic).isLessThan(deadline);
            try {
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                        .all()
                        .get(60, TimeUnit.SECONDS);
                made = true;
            } catch (ExecutionException failure) {
                assertThat(failure).hasCauseInstanceOf(TopicExistsException.class);
                assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
            }
        }
    }

    private static void awaitRunning(String name, Job job) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (Topic logs = new Topic(stage.bootstrap(), Topics.withPrefix(name).logs())) {
            while (logs.next().stream().noneMatch(each -> job.id().equals(key(each)))) {
                assertThat(System.nanoTime())
                        .as("waiting for a line of " + job)
                        .isLessThan(deadline);
            }
        }
    }

    private static String key(ConsumerRecord<byte[], byte[]> read) {
        return TestNode.text(read.key());
    }

    private static void awaitResults(String name, Predicate<Set<String>> enough) {
        Set<String> ended = new TreeSet<>();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (Topic results = new Topic(stage.bootstrap(), Topics.withPrefix(name).results())) {
            while (!enough.test(ended)) {
                results.next().forEach(each -> ended.add(key(each)));
                assertThat(System.nanoTime()).as("ended are " + ended).isLessThan(deadline);
            }
        }
    }

    private void assertAllWell(String name, List<String> nodes)
            throws IOException, InterruptedException {
        Set<String> all = jobs.stream().map(Job::id).collect(Collectors.toSet());
        awaitResults(name, ended -> ended.containsAll(all));
        long deadline = System.nanoTime() + LIMIT.toNanos();
        for (String node : nodes) {
            while (!stage.containers(node).isEmpty()) {
                assertThat(System.nanoTime()).as("containers are left").isLessThan(deadline);
                assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
            }
        }
        Evidence evidence = Evidence.gather(stage, name);
        List<String> problems = new ArrayList<>();
        jobs.forEach(job -> problems.addAll(evidence.problems(job)));
        assertThat(problems).isEmpty();
    }
}
