package dev.longshore.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.kafka.Topics;
import dev.longshore.testing.JavaProcess;
import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestNode;
import dev.longshore.testing.Topic;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Jobs run without a break while their node, and now and then the broker, is killed at moments at
 * random; in the end nothing is missing and nothing is there twice.
 *
 * <p>System properties, with what holds in every build and with {@code -Psoak}: {@code soak.kills}
 * (3, 12), {@code soak.broker-kills} (1), {@code soak.engine-kills} (0; then programs may end with
 * infra_lost, and the rest still holds), {@code soak.jobs} at a time (4, 6), {@code soak.lines} on
 * each stream of each job (120, 250, give or take a half; 5,000 and more come without a pause),
 * {@code soak.seed}. Other jobs print some forty lines a second.
 */
class SoakIT {
    private static final String NODE = "soak";
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final long seed = Long.getLong("soak.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final int kills = Form.number("soak.kills", 3, 12);
    private final int brokerKills = Form.number("soak.broker-kills", 1, 1);
    private final int engineKills = Form.number("soak.engine-kills", 0, 0);
    private final int atATime = Form.number("soak.jobs", 4, 6);
    private final int lines = Form.number("soak.lines", 120, 250);
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final Set<String> ended = new TreeSet<>();
    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void nothing_is_lost_and_nothing_is_there_twice_however_often_the_node_is_killed()
            throws Exception {
        Assumptions.assumeTrue(TestEngine.hasOwnEngines(), "needs an engine of its own");
        long began = System.nanoTime();
        try (Stage stage = Stage.open();
                JavaProcess node = new JavaProcess(stage.node(NODE, 3), stage.log(NODE))) {
            Stage.startReady(node);
            try (Topic results = new Topic(stage.bootstrap(), Topics.withPrefix(NODE).results())) {
                run(stage, node, results);
                awaitEnd(stage, results, node);
            }
            Evidence evidence = Evidence.gather(stage, NODE);
            summary(evidence, Duration.ofNanos(System.nanoTime() - began));
            List<String> problems = new ArrayList<>();
            for (Job job : jobs.values()) {
                problems.addAll(
                        engineKills == 0
                                ? evidence.problems(job)
                                : evidence.problemsAfterAnEngineWasKilled(job));
            }
            assertThat(problems).as("seed " + seed).isEmpty();
            assertThat(evidence.executions()).containsExactlyInAnyOrderElementsOf(jobs.keySet());
            assertThat(stage.otherVolumes()).as("seed " + seed).isEmpty();
            assertThat(node.isAlive()).as("seed " + seed).isTrue();
            assertThat(stage.directory().resolve("tmp")).isDirectoryNotContaining("glob:**vertx*");
        }
    }

    /** Kills the node as often as is asked for, with the broker or the engine dying in between. */
    private void run(Stage stage, JavaProcess node, Topic results) throws IOException {
        for (int kill = 1; kill <= kills; kill++) {
            // Most lives last into their work, some end while they begin.
            if (random.nextInt(10) < 7) {
                Stage.awaitReady(node);
            }
            keepBusy(stage, results, Duration.ofMillis(random.nextInt(4_000)));
            assertThat(node.isAlive() || Stage.startedAgain(node))
                    .as("seed " + seed + "\n" + node.printed())
                    .isTrue();
            boolean brokerToo = isTurn(kill, brokerKills);
            boolean brokerFirst = random.nextBoolean();
            if (isTurn(kill, engineKills)) {
                stage.engine().kill();
                stage.engine().start();
            }
            if (brokerToo && brokerFirst) {
                stage.killBroker();
            }
            node.kill();
            if (brokerToo) {
                stage.killBroker();
                stage.startBroker();
            }
            node.start();
        }
        Stage.awaitReady(node);
    }

    /** Whether something that dies so many times in all dies at this kill; evenly over all. */
    private boolean isTurn(int kill, int times) {
        return (kill * times + kills / 2) / kills != ((kill - 1) * times + kills / 2) / kills;
    }

    private void keepBusy(Stage stage, Topic results, Duration time) {
        long until = System.nanoTime() + time.toNanos();
        do {
            results.next().forEach(each -> ended.add(TestNode.text(each.key())));
            while (jobs.size() - ended.size() < atATime) {
                Job.Ending[] endings = Job.Ending.values();
                Job job =
                        new Job(
                                "job-" + jobs.size(),
                                lines / 2 + random.nextInt(lines),
                                endings[random.nextInt(endings.length)]);
                jobs.put(job.id(), job);
                stage.submit(NODE, job);
            }
        } while (System.nanoTime() - until < 0);
    }

    private void awaitEnd(Stage stage, Topic results, JavaProcess node)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!ended.containsAll(jobs.keySet()) || !stage.containers(NODE).isEmpty()) {
            results.next().forEach(each -> ended.add(TestNode.text(each.key())));
            assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
            if (System.nanoTime() - deadline > 0) {
                Set<String> missing = new TreeSet<>(jobs.keySet());
                missing.removeAll(ended);
                throw new AssertionError(
                        "seed "
                                + seed
                                + ": no result of "
                                + missing
                                + "; left are "
                                + stage.containers(NODE)
                                + "\n"
                                + node.printed());
            }
        }
    }

    private void summary(Evidence evidence, Duration took) {
        System.out.printf(
                "%nseed %d%n%-28s %6d%n%-28s %6d%n%-28s %6d%n%-28s %6d%n%-28s %6d%n%-28s %6d%n%-28s"
                        + " %6d%n%-28s %6d s%n",
                seed,
                "kills of the node",
                kills,
                "kills of the broker",
                brokerKills,
                "kills of the engine",
                engineKills,
                "jobs",
                jobs.size(),
                "jobs lost with the engine",
                evidence.lost(),
                "log lines",
                evidence.lines(),
                "programs found again",
                evidence.reattached(),
                "took",
                took.toSeconds());
    }
}
