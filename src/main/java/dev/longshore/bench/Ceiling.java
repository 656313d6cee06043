package dev.longshore.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a node can do when its engine costs nothing: commands in, events out, and how that and its
 * memory change with the number of executions that it knows. Blocks the calling thread.
 */
public final class Ceiling {
    private static final double KIB = 1 << 10;
    private static final double MIB = 1 << 20;

    private final Lab lab;
    private final Options options;
    private final BenchJob job = new BenchJob("busybox", List.of("true"), 0.01, 6L << 20);
    private final List<Figure> figures = new ArrayList<>();
    private int submitted;
    private long firstHeap;
    private int firstKnown;

    /**
     * How much.
     *
     * @param executions to measure at each number of known ones
     * @param concurrency at a time
     * @param known numbers of known executions, growing
     * @param warmUp executions before those: until then the node is being compiled
     */
    public record Options(int executions, int concurrency, List<Integer> known, int warmUp) {
        /** Copies; refuses what tells nothing. */
        public Options {
            known = List.copyOf(known);
            if (executions < 100
                    || concurrency < 1
                    || warmUp < 1
                    || known.stream().anyMatch(each -> each < 0)) {
                throw new IllegalArgumentException(
                        "at least 100 executions, 1 at a time and to warm up");
            }
        }
    }

    /** Makes one in {@code lab}. */
    public Ceiling(Lab lab, Options options) {
        this.lab = lab;
        this.options = options;
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException {
        String machine = Lab.machineLine();
        Path socket = lab.directory().resolve("ceiling.sock");
        SimulatedEngine engine = lab.own(SimulatedEngine.open(socket, SimulatedEngine.Delays.NONE));
        Map<String, String> settings =
                lab.nodeSettings(
                        Map.of(
                                "docker.host",
                                engine.host(),
                                "jobs.max-running",
                                String.valueOf(options.concurrency()),
                                "jobs.cpu-overcommit",
                                "100"));
        String model = lab.run() + "-model000";
        KnownExecutions known = null;
        int have = 0;
        for (int wanted : options.known()) {
            if (known == null) {
                known = model(settings, model);
                have = 1;
            }
            if (wanted > have) {
                lab.say("telling of " + wanted + " executions, " + known.events() + " events each");
                known.add(have, wanted);
                have = wanted;
            }
            have += measure(engine, settings, have);
        }
        return new Report("ceiling", machine, figures, notes());
    }

    private KnownExecutions model(Map<String, String> settings, String model)
            throws IOException, InterruptedException {
        try (Station station = start(settings)) {
            station.client().run(model, job.start());
            return new KnownExecutions(lab.broker(), station.node().prefix(), model);
        }
    }

    private Station start(Map<String, String> settings) throws IOException, InterruptedException {
        NodeProcess node =
                lab.own(NodeProcess.start(lab, settings, Map.of("LONGSHORE_JAVA_OPTS", options())));
        return new Station(node, lab.own(new JobClient(lab.broker(), node.prefix())));
    }

    /** Room for a million: what is measured is what lives after a collection. */
    private static String options() {
        String own = System.getenv("LONGSHORE_JAVA_OPTS");
        return "-Xmx6g" + (own == null ? "" : " " + own);
    }

    /** How many executions it ran. */
    private int measure(SimulatedEngine engine, Map<String, String> settings, int known)
            throws IOException, InterruptedException {
        try (Station station = start(settings)) {
            String at = " at " + known + " known";
            figures.add(Figure.single("ready" + at, "ms", station.node().readyMillis()));
            rate(station, options.warmUp());
            long heap = station.node().liveHeapBytes();
            long cpu = station.node().facts().cpuMillis();
            long asked = engine.requests();
            double rate = rate(station, options.executions());
            double cpuMillis = station.node().facts().cpuMillis() - cpu;
            figures.add(
                    Figure.single("executions" + at, "/s", rate).goal(">= 5000 on 2 cores, flat"));
            figures.add(
                    Figure.single(
                            "processor time of the node" + at,
                            "ms/execution",
                            cpuMillis / options.executions()));
            figures.add(
                    Figure.single(
                            "calls to the engine" + at,
                            "/execution",
                            (double) (engine.requests() - asked) / options.executions()));
            figures.add(Figure.single("live heap" + at, "MB", heap / MIB));
            if (firstHeap == 0) {
                firstHeap = heap;
                firstKnown = known;
            } else {
                figures.add(
                        Figure.single(
                                "heap of each known execution" + at,
                                "KB",
                                (heap - firstHeap) / KIB / (known - firstKnown)));
            }
            lab.say("%d known: %.0f executions/s".formatted(known, rate));
            return options.warmUp() + options.executions();
        }
    }

    private double rate(Station station, int count) throws InterruptedException {
        byte[] start = job.start();
        for (int i = 0; i < count; i++) {
            station.client().submit(lab.run() + "-c" + ++submitted, start);
        }
        List<Long> ends = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ends.add(station.client().next().orFail().atNanos());
        }
        int from = count / 10;
        return (count - 1 - from) * 1e9 / (ends.getLast() - ends.get(from));
    }

    private List<String> notes() {
        return List.of(
                options.concurrency() + " executions at a time, simulated engine without delays",
                "node, broker, engine and client share this machine's processors: the node's own"
                        + " ceiling is 1000 / (processor time of one execution) on each core");
    }
}
