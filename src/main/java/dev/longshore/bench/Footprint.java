package dev.longshore.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How soon a node, {@code dev} and the client's commands are there, and what memory a node takes.
 * On a simulated engine, so that the engine's own answers do not count. Blocks the calling thread.
 */
public final class Footprint {
    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final double MIB = 1 << 20;

    private final Lab lab;
    private final Options options;

    /**
     * How much.
     *
     * @param repeats starts of each
     * @param running jobs that run and are followed, for the memory of a busy node
     */
    public record Options(int repeats, int running) {
        /** Refuses what tells nothing. */
        public Options {
            if (repeats < 1 || running < 1) {
                throw new IllegalArgumentException("at least 1 repeat and 1 running job");
            }
        }
    }

    /** Makes one in {@code lab}. */
    public Footprint(Lab lab, Options options) {
        this.lab = lab;
        this.options = options;
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException {
        String machine = Lab.machineLine();
        SimulatedEngine engine =
                lab.own(
                        SimulatedEngine.open(
                                lab.directory().resolve("footprint.sock"),
                                SimulatedEngine.Delays.NONE));
        List<Double> ready = new ArrayList<>();
        List<Double> resident = new ArrayList<>();
        List<Double> ps = new ArrayList<>();
        // The same node again and again: its topics are there from the second start on.
        Map<String, String> settings = lab.nodeSettings(Map.of("docker.host", engine.host()));
        for (int i = 0; i <= options.repeats(); i++) {
            try (NodeProcess node = NodeProcess.start(lab, settings, Map.of())) {
                if (i == 0) {
                    continue;
                }
                ready.add(node.readyMillis());
                ps.add(client(List.of("ps"), Map.of("LONGSHORE_URL", node.url().toString())));
                Thread.sleep(SETTLE);
                resident.add(node.facts().residentBytes() / MIB);
                lab.say("serve: ready in %.0f ms".formatted(node.readyMillis()));
            }
        }
        List<Double> version = new ArrayList<>();
        for (int i = 0; i < options.repeats(); i++) {
            version.add(client(List.of("version"), Map.of()));
        }
        Dev dev = dev(engine);
        Density.Load load = Density.load(lab, options.running());
        return new Report(
                "footprint",
                machine,
                List.of(
                        Figure.median("serve: launcher to ready", "ms", ready).goal("<= 800 ms"),
                        Figure.median("dev: launcher to ready, again", "ms", dev.again())
                                .goal("<= 2500 ms"),
                        Figure.single("dev: launcher to ready, first", "ms", dev.first()),
                        Figure.median("client: version", "ms", version).goal("<= 500 ms"),
                        Figure.median("client: ps", "ms", ps).goal("<= 500 ms"),
                        Figure.median("serve: resident memory, idle", "MB", resident)
                                .goal("<= 150 MB"),
                        Figure.single(
                                        "serve: resident memory, "
                                                + options.running()
                                                + " running and followed",
                                        "MB",
                                        load.followed().residentBytes() / MIB)
                                .goal("<= 220 MB with 200")),
                List.of("simulated engine; the broker is there before serve starts"));
    }

    private record Dev(double first, List<Double> again) {}

    private Dev dev(SimulatedEngine engine) throws IOException, InterruptedException {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i <= options.repeats(); i++) {
            try (ChildProcess dev =
                    ChildProcess.start(
                            lab, "dev", lab.devCommand(), Map.of("DOCKER_HOST", engine.host()))) {
                all.add(NodeProcess.Ready.await(dev, WITHIN).millis());
                lab.say("dev: ready in %.0f ms".formatted(all.getLast()));
            }
        }
        return new Dev(all.getFirst(), all.subList(1, all.size()));
    }

    private double client(List<String> words, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Lab.launcher().toString()));
        command.addAll(words);
        long before = System.nanoTime();
        try (ChildProcess child = ChildProcess.start(lab, "client", command, environment)) {
            if (child.awaitEnd(WITHIN) != 0) {
                throw new BenchFailure(words + " failed: " + child.complaints());
            }
            return BareEngine.millis(System.nanoTime() - before);
        }
    }
}
