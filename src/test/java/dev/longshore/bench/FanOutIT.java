package dev.longshore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.testing.TestNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Many who follow one job at once, some of whom do not read for most of it. In every build a small
 * sample; with {@code -Psoak} a thousand followers at a thousand lines a second. The node, its
 * broker and all followers are one process here, so what the heap grows by is theirs together.
 */
class FanOutIT {
    private static final boolean LONG = "long".equals(System.getProperty("soak.form"));
    private static final int FOLLOWERS = Integer.getInteger("fanout.followers", LONG ? 1000 : 60);
    private static final int SLOW = Integer.getInteger("fanout.slow", LONG ? 20 : 5);
    private static final int RATE = Integer.getInteger("fanout.rate", LONG ? 1000 : 500);
    private static final int SECONDS = Integer.getInteger("fanout.seconds", LONG ? 30 : 15);
    private static final long LINES = (long) RATE * SECONDS;

    /** In which all of them connect. */
    private static final Duration BEFORE_START = Duration.ofSeconds(LONG ? 15 : 3);

    /**
     * What a slow reader leaves out begins where queue and socket are full: at 1 MiB and some more,
     * up to 3 MiB where the kernel is generous.
     */
    private static final int LINE_BYTES = Integer.getInteger("fanout.bytes", LONG ? 100 : 600);

    private static final Duration DEADLINE = Duration.ofMinutes(LONG ? 8 : 2);
    private static final long MOST_GROWTH_BYTES = 200L << 20;

    @TempDir Path temporary;

    @Test
    void everybody_gets_every_line_in_order_or_is_told_to_the_line_what_is_missing()
            throws Exception {
        try (SimulatedEngine engine = open();
                TestNode node = new TestNode(settings(engine));
                NodeApi api = new NodeApi(URI.create(node.url()));
                Followers followers = new Followers(URI.create(node.url()))) {
            node.submit("followed", job());
            api.awaitKnown("followed", Duration.ofSeconds(60));
            long heapBefore = liveHeapBytes();
            for (int i = 0; i < FOLLOWERS; i++) {
                followers.open("followed");
            }
            for (int i = 0; i < SLOW; i++) {
                followers.openSmall("followed");
            }
            List<Follower> fast = followers.all().subList(0, FOLLOWERS);
            List<Follower> slow = followers.all().subList(FOLLOWERS, FOLLOWERS + SLOW);
            followers.start();
            assertThat(followers.await(Follower::isGreeted, DEADLINE)).isEqualTo(FOLLOWERS + SLOW);

            followers.reading(slow, false);
            until(() -> seen(fast) > LINES * 4 / 5, fast);
            long heapDuring = liveHeapBytes();
            until(() -> seen(fast) == LINES, fast);
            followers.reading(slow, true);

            assertThat(followers.await(Follower::isEnded, DEADLINE)).isEqualTo(FOLLOWERS + SLOW);
            assertThat(fast).allSatisfy(FanOutIT::gotEveryLine);
            assertThat(slow).allSatisfy(FanOutIT::knowsWhatIsMissing);
            assertThat(engine.follows()).isEqualTo(1);
            assertThat(heapDuring - heapBefore).isLessThan(MOST_GROWTH_BYTES);
            System.Logger log = System.getLogger(FanOutIT.class.getName());
            log.log(
                    System.Logger.Level.INFO,
                    "{0} followers, heap growth {1} MiB, slow ones missed {2}",
                    FOLLOWERS + SLOW,
                    (heapDuring - heapBefore) >> 20,
                    slow.stream().map(Follower::missed).toList());
        }
    }

    private static void gotEveryLine(Follower follower) {
        assertThat(follower.lines()).isEqualTo(LINES);
        assertThat(follower.gaps()).isZero();
        assertThat(follower.disorders()).isZero();
    }

    private static void knowsWhatIsMissing(Follower follower) {
        assertThat(follower.gaps()).isPositive();
        assertThat(follower.missed()).isPositive();
        assertThat(follower.lines() + follower.missed()).isEqualTo(LINES);
        assertThat(follower.disorders()).isZero();
    }

    private SimulatedEngine open() throws IOException {
        return SimulatedEngine.open(
                temporary.resolve("engine.sock"),
                new SimulatedEngine.Delays(
                        Duration.ZERO, BEFORE_START, Duration.ZERO, Duration.ZERO));
    }

    private static Map<String, String> settings(SimulatedEngine engine) {
        String room = String.valueOf(FOLLOWERS + SLOW);
        return Map.of(
                "docker.host",
                engine.host(),
                "board.max-tails",
                room,
                "http.max-streams-per-address",
                room,
                // Who does not read for as long as the job prints is not to be cut off here.
                "http.stall-timeout",
                "10m");
    }

    private static String job() {
        BenchJob job =
                BenchJob.of(
                        "print",
                        String.valueOf(LINES),
                        String.valueOf(RATE),
                        String.valueOf(LINE_BYTES));
        return new String(job.start(), StandardCharsets.UTF_8);
    }

    private static long liveHeapBytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** How far the last of them has come. */
    private static long seen(List<Follower> all) {
        return all.stream().mapToLong(each -> each.lines() + each.missed()).min().orElse(0);
    }

    private static List<String> told(List<Follower> all) {
        return all.stream()
                .map(
                        each ->
                                "%d lines, %d missed in %d gaps, ended %s"
                                        .formatted(
                                                each.lines(),
                                                each.missed(),
                                                each.gaps(),
                                                each.isEnded()))
                .distinct()
                .toList();
    }

    private static void until(BooleanSupplier condition, List<Follower> all)
            throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(() -> told(all).toString()).isLessThan(deadline);
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }
}
