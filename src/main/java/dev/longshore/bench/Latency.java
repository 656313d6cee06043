package dev.longshore.bench;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long one job takes on an idle node, from its command to its result, beside the bare engine's
 * own way from create to the end of the log, in alternation. Blocks the calling thread.
 */
public final class Latency {
    private static final double P99 = 0.99;
    private static final int WARM_UP = 5;

    private final Lab lab;
    private final int jobs;
    private final BenchJob job = BenchJob.of("true");
    private final List<BareEngine.Timing> bare = new ArrayList<>();
    private final List<Double> ours = new ArrayList<>();
    private final List<JsonNode> results = new ArrayList<>();

    /** Makes one in {@code lab} of so many jobs on each side. */
    public Latency(Lab lab, int jobs) {
        if (jobs < 10) {
            throw new IllegalArgumentException("at least 10 jobs");
        }
        this.lab = lab;
        this.jobs = jobs;
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException {
        String machine = Lab.machineLine();
        BareEngine engine = lab.bare();
        byte[] start = job.start();
        try (Station station = Station.open(lab, Map.of());
                RawConnection connection = engine.connect()) {
            lab.say("warming up");
            for (int i = 0; i < WARM_UP; i++) {
                engine.job(connection, job);
                station.client().run(lab.run() + "-w" + i, start);
            }
            for (int i = 0; i < jobs; i++) {
                bare.add(engine.job(connection, job));
                long before = System.nanoTime();
                JobClient.Ended end = station.client().run(lab.run() + "-l" + i, start);
                ours.add(BareEngine.millis(end.atNanos() - before));
                results.add(end.json());
                if ((i + 1) % 50 == 0) {
                    lab.say((i + 1) + " of " + jobs + " pairs");
                }
            }
        }
        return report(machine);
    }

    private Report report(String machine) {
        List<Double> reference = bare.stream().map(BareEngine.Timing::toLogs).toList();
        List<Figure> figures = new ArrayList<>();
        figures.add(difference("added, p50", reference, 0.5).goal("<= 10 ms"));
        figures.add(difference("added, p99", reference, P99).goal("<= 40 ms"));
        figures.add(Figure.median("node: command to result, p50", "ms", ours));
        figures.add(Figure.quantile("node: command to result, p99", "ms", ours, P99));
        figures.add(Figure.median("bare engine: create to logs, p50", "ms", reference));
        figures.add(Figure.quantile("bare engine: create to logs, p99", "ms", reference, P99));
        figures.add(part("bare engine: create", BareEngine.Timing::create));
        figures.add(part("bare engine: start", BareEngine.Timing::start));
        figures.add(part("bare engine: wait", BareEngine.Timing::await));
        figures.add(part("bare engine: logs", BareEngine.Timing::logs));
        figures.add(part("bare engine: remove", BareEngine.Timing::remove));
        for (String phase : List.of("queued", "pull", "create", "run")) {
            figures.add(
                    Figure.median(
                            "node: millis." + phase,
                            "ms",
                            results.stream()
                                    .map(result -> result.path("millis").path(phase).asDouble())
                                    .toList()));
        }
        return new Report(
                "latency",
                machine,
                figures,
                List.of(
                        "added: the node's quantile less the bare engine's from create to logs,"
                                + " without its remove",
                        "millis.* are the result's own, in whole milliseconds"));
    }

    private Figure difference(String name, List<Double> reference, double quantile) {
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            differences.add(ours.get(i) - reference.get(i));
        }
        Figure spread = Figure.median(name, "ms", differences);
        double value =
                Figure.quantile(name, "ms", ours, quantile).value()
                        - Figure.quantile(name, "ms", reference, quantile).value();
        return new Figure(name, "ms", value, spread.low(), spread.high(), spread.count(), "");
    }

    private Figure part(String name, java.util.function.ToDoubleFunction<BareEngine.Timing> part) {
        return Figure.median(name, "ms", bare.stream().map(part::applyAsDouble).toList());
    }
}
