package dev.longshore.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Many followers of one job's log at a steady rate, on a simulated engine so that the engine's own
 * cost is not in it. Blocks the calling thread.
 */
public final class FanOut {
    /** In which the followers connect: the program starts after it. */
    private static final Duration BEFORE_START = Duration.ofSeconds(5);

    private static final double MIB = 1 << 20;

    private final Lab lab;
    private final Options options;

    /**
     * How much.
     *
     * @param followers at a time
     * @param rate lines a second
     * @param seconds how long
     */
    public record Options(int followers, int rate, int seconds) {
        /** Refuses what tells nothing. */
        public Options {
            if (followers < 1 || followers > 20_000 || rate < 1 || seconds < 2) {
                throw new IllegalArgumentException(
                        "1 to 20000 followers, at least 1 line a second for 2 seconds");
            }
        }
    }

    /** Makes one in {@code lab}. */
    public FanOut(Lab lab, Options options) {
        this.lab = lab;
        this.options = options;
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException {
        String machine = Lab.machineLine();
        Path socket = lab.directory().resolve("engine.sock");
        SimulatedEngine engine =
                lab.own(
                        SimulatedEngine.open(
                                socket,
                                new SimulatedEngine.Delays(
                                        Duration.ZERO,
                                        BEFORE_START,
                                        Duration.ZERO,
                                        Duration.ZERO)));
        Station station = Station.open(lab, settings(engine));
        long lines = (long) options.rate() * options.seconds();
        BenchJob job = BenchJob.of("print", String.valueOf(lines), String.valueOf(options.rate()));
        String id = lab.run() + "-f";
        try (NodeApi api = new NodeApi(station.node().url());
                Followers followers = lab.own(new Followers(station.node().url()))) {
            station.client().submit(id, job.start());
            api.awaitKnown(id, Duration.ofSeconds(30));
            long heapBefore = station.node().liveHeapBytes();
            ProcessFacts before = station.node().facts();
            for (int i = 0; i < options.followers(); i++) {
                followers.open(id);
            }
            followers.start();
            lab.say(options.followers() + " followers are connected");
            Thread.sleep(BEFORE_START.plusSeconds(options.seconds() / 2));
            long heapDuring = station.node().liveHeapBytes();
            ProcessFacts during = station.node().facts();
            long ended =
                    followers.await(
                            Follower::isEnded, Duration.ofSeconds(2L * options.seconds() + 30));
            Seen seen = new Seen(ended, heapDuring - heapBefore, before, during);
            return report(machine, seen, followers.all(), engine.follows());
        }
    }

    /** All of them come from one address. */
    private Map<String, String> settings(SimulatedEngine engine) {
        String room = String.valueOf(options.followers() + 10);
        return Map.of(
                "docker.host",
                engine.host(),
                "board.max-tails",
                room,
                "http.max-streams-per-address",
                room);
    }

    private record Seen(long ended, long heapGrowth, ProcessFacts before, ProcessFacts during) {}

    private Report report(String machine, Seen seen, List<Follower> all, long follows) {
        long lines = (long) options.rate() * options.seconds();
        long whole = all.stream().filter(each -> each.lines() == lines).count();
        long gaps = all.stream().mapToLong(Follower::gaps).sum();
        long disorders = all.stream().mapToLong(Follower::disorders).sum();
        long first = all.stream().mapToLong(Follower::firstNanos).min().orElse(0);
        long last = all.stream().mapToLong(Follower::lastNanos).max().orElse(0);
        long sent = all.stream().mapToLong(Follower::lines).sum();
        double seconds = Math.max(1e-3, (last - first) / 1e9);
        List<Double> each = all.stream().map(one -> (double) one.lines()).toList();
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.single("followers", "", options.followers()));
        figures.add(
                Figure.single("followers that got every line", "", whole)
                        .goal("all of 1,000 at 1,000 lines/s"));
        figures.add(Figure.single("gaps told", "", gaps).goal("0"));
        figures.add(Figure.single("lines out of order", "", disorders).goal("0"));
        double busy = seen.during().cpuMillis() - seen.before().cpuMillis();
        figures.add(Figure.single("processor time of the node, first half", "s", busy / 1e3));
        figures.add(Figure.single("followers told of the end", "", seen.ended()));
        figures.add(Figure.median("lines of each follower", "of " + lines, each));
        figures.add(Figure.single("delivered, all followers", "lines/s", sent / seconds));
        figures.add(
                Figure.single(
                        "delivered, all followers",
                        "MB/s",
                        all.stream().mapToLong(Follower::bytes).sum() / seconds / 1e6));
        figures.add(
                Figure.single("first line to last, all followers", "s", seconds)
                        .goal(options.seconds() + " s where it keeps up"));
        figures.add(Figure.single("streams opened at the engine", "", follows).goal("1"));
        figures.add(Figure.single("heap growth", "MB", seen.heapGrowth() / MIB).goal("< 200 MB"));
        figures.add(
                Figure.single(
                        "resident memory growth",
                        "MB",
                        (seen.during().residentBytes() - seen.before().residentBytes()) / MIB));
        figures.add(
                Figure.single(
                        "threads more", "", seen.during().threads() - seen.before().threads()));
        return new Report(
                "fanout",
                machine,
                figures,
                List.of(
                        "simulated engine; node, broker and all followers share this machine's"
                                + " processors",
                        "lines have 100 bytes; heap is what is left after a full collection"));
    }
}
