package dev.longshore.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.CrashPoint;
import dev.longshore.kafka.Topics;
import dev.longshore.testing.JavaProcess;
import dev.longshore.testing.TestEngine;
import dev.longshore.testing.TestNode;
import dev.longshore.testing.Topic;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A node that is killed at a named place in a job's life goes on with that job in its next life, as
 * if nothing had happened.
 */
class CrashPointsIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int LINES = 40;
    private static Stage stage;

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

    /** The places where most is at stake, or with {@code -Psoak} all of them. */
    static Set<CrashPoint> points() {
        return Form.isLong()
                ? EnumSet.allOf(CrashPoint.class)
                : EnumSet.of(
                        CrashPoint.AFTER_CREATE,
                        CrashPoint.WHILE_RUNNING,
                        CrashPoint.BEFORE_RESULT,
                        CrashPoint.AFTER_RESULT);
    }

    @ParameterizedTest
    @MethodSource("points")
    void a_job_is_run_once_and_told_of_in_full_though_its_node_was_killed(CrashPoint point)
            throws Exception {
        String name = "crash-" + point.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Job job =
                new Job(
                        name,
                        LINES,
                        point == CrashPoint.BETWEEN_ATTEMPTS
                                ? Job.Ending.SUCCEEDS_AT_THE_SECOND_ATTEMPT
                                : Job.Ending.WRITES_AN_OUTPUT);
        JavaProcess.Program program = stage.node(name, 1);
        try (JavaProcess doomed =
                        new JavaProcess(
                                program.with("-Dlongshore.crash-at=" + point), stage.log(name));
                JavaProcess next = new JavaProcess(program, stage.log(name))) {
            Stage.startReady(doomed);
            stage.submit(name, job);
            if (point == CrashPoint.WHILE_DRAINING) {
                awaitRecord(Topics.withPrefix(name).logs());
                doomed.terminate();
            }
            assertThat(doomed.endsWithin(LIMIT)).as(doomed.printed()).isTrue();
            assertThat(doomed.exitCode()).as(doomed.printed()).isEqualTo(CrashPoint.EXIT_CODE);

            Stage.startReady(next);
            awaitRecord(Topics.withPrefix(name).results());
            awaitNoContainer(name);
            Evidence evidence = Evidence.gather(stage, name);
            assertThat(evidence.problems(job)).as(next.printed()).isEmpty();
            assertThat(evidence.executions()).containsExactly(job.id());
            assertThat(stage.otherVolumes()).isEmpty();
            assertThat(next.isAlive()).as(next.printed()).isTrue();
        }
    }

    private static void awaitRecord(String name) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (Topic topic = new Topic(stage.bootstrap(), name)) {
            while (topic.next().stream()
                    .map(each -> TestNode.text(each.key()))
                    .toList()
                    .isEmpty()) {
                assertThat(System.nanoTime()).as("waiting for " + name).isLessThan(deadline);
            }
        }
    }

    private static void awaitNoContainer(String name) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        List<String> left = stage.containers(name);
        CountDownLatch never = new CountDownLatch(1);
        while (!left.isEmpty()) {
            assertThat(System.nanoTime()).as("left: " + left).isLessThan(deadline);
            assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
            left = stage.containers(name);
        }
    }
}
