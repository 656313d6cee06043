package dev.longshore.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Jobs a second from the topic {@code jobs} to the topic {@code results} beside the bare engine's,
 * each at its best concurrency, in alternation. Blocks the calling thread.
 */
public final class Throughput {
    private static final List<Integer> CANDIDATES = List.of(4, 6, 8);

    private final Lab lab;
    private final Options options;
    private final BenchJob job = BenchJob.of("true");
    private final BareEngine bare;
    private int submitted;

    /**
     * How much to measure.
     *
     * @param jobs in each half of a pair
     * @param pairs how many pairs
     * @param concurrency jobs at a time, 0 to find the best
     * @param warmUp jobs of the node before the first pair: until then it is being compiled
     */
    public record Options(int jobs, int pairs, int concurrency, int warmUp) {
        /** Refuses sizes that tell nothing. */
        public Options {
            if (jobs < 8 || pairs < 1 || concurrency < 0 || concurrency > 256 || warmUp < 1) {
                throw new IllegalArgumentException(
                        "at least 8 jobs, 1 pair and 1 to warm up, at most 256 at a time");
            }
        }
    }

    /** Makes one in {@code lab}. */
    public Throughput(Lab lab, Options options) throws InterruptedException {
        this.lab = lab;
        this.options = options;
        this.bare = lab.bare();
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException {
        String machine = Lab.machineLine();
        int bareBest = best("bare engine", this::bareRate);
        int nodeBest = best("node", this::calibrateNode);
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        double cpuMillis;
        try (Station station = open(nodeBest)) {
            lab.say("warming up: " + options.warmUp() + " jobs");
            nodeRate(station, nodeBest, options.warmUp());
            long cpuBefore = station.node().facts().cpuMillis();
            for (int pair = 1; pair <= options.pairs(); pair++) {
                double reference = bareRate(bareBest, options.jobs());
                double node = nodeRate(station, nodeBest, options.jobs());
                theirs.add(reference);
                ours.add(node);
                ratios.add(node / reference);
                lab.say(
                        "pair %d of %d: node %.2f, bare engine %.2f jobs/s, ratio %.3f"
                                .formatted(
                                        pair, options.pairs(), node, reference, node / reference));
            }
            cpuMillis = station.node().facts().cpuMillis() - cpuBefore;
        }
        return new Report(
                "throughput",
                machine,
                List.of(
                        Figure.median("ratio, node to bare engine", "", ratios).goal(">= 0.95"),
                        Figure.median("node", "jobs/s", ours),
                        Figure.median("bare engine", "jobs/s", theirs),
                        Figure.single(
                                "processor time of the node",
                                "ms/job",
                                cpuMillis / ((double) options.jobs() * options.pairs()))),
                List.of(
                        "node: %d at a time; bare engine: %d at a time"
                                .formatted(nodeBest, bareBest),
                        "rates are of the steady state: the first results of each run, as many as"
                                + " run at a time, are left out"));
    }

    /** A rate at a concurrency. */
    private interface Rate {
        double of(int concurrency, int jobs) throws IOException, InterruptedException;
    }

    private int best(String what, Rate rate) throws IOException, InterruptedException {
        if (options.concurrency() > 0) {
            return options.concurrency();
        }
        int best = CANDIDATES.getFirst();
        double most = 0;
        for (int concurrency : CANDIDATES) {
            double seen = rate.of(concurrency, Math.max(3 * concurrency, options.jobs() / 2));
            lab.say("%s, %d at a time: %.2f jobs/s".formatted(what, concurrency, seen));
            if (seen > most) {
                most = seen;
                best = concurrency;
            }
        }
        return best;
    }

    private double calibrateNode(int concurrency, int jobs)
            throws IOException, InterruptedException {
        try (Station station = open(concurrency)) {
            return nodeRate(station, concurrency, jobs);
        }
    }

    private Station open(int concurrency) throws IOException, InterruptedException {
        Map<String, String> settings = new HashMap<>();
        settings.put("jobs.max-running", String.valueOf(concurrency));
        // Cores are shared here as on the bare engine: only the number of jobs is bounded.
        settings.put("jobs.cpu-overcommit", "64");
        return Station.open(lab, settings);
    }

    private double bareRate(int concurrency, int jobs) throws InterruptedException {
        return rate(
                bare.jobs(jobs, concurrency, job).stream()
                        .map(BareEngine.Timing::atNanos)
                        .sorted()
                        .toList(),
                concurrency);
    }

    private double nodeRate(Station station, int concurrency, int jobs)
            throws InterruptedException {
        byte[] start = job.start();
        for (int i = 0; i < jobs; i++) {
            station.client().submit(lab.run() + "-t" + ++submitted, start);
        }
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            ends.add(station.client().next().orFail().atNanos());
        }
        return rate(ends.stream().sorted().toList(), concurrency);
    }

    private static double rate(List<Long> ends, int concurrency) {
        int from = Math.min(concurrency, ends.size() / 2);
        long nanos = ends.getLast() - ends.get(from);
        return (ends.size() - 1 - from) * 1e9 / nanos;
    }
}
