package dev.longshore.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What idle running jobs cost their node, each with a follower, on a simulated engine. Blocks the
 * calling thread.
 */
public final class Density {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final double KIB = 1 << 10;
    private static final double MIB = 1 << 20;
    private static final int WARM_UP = 50;

    private final Lab lab;
    private final int jobs;

    /** Makes one in {@code lab}, of so many jobs. */
    public Density(Lab lab, int jobs) {
        if (jobs < 1 || jobs > 20_000) {
            throw new IllegalArgumentException("1 to 20000 jobs");
        }
        this.lab = lab;
        this.jobs = jobs;
    }

    /**
     * A node with jobs that run.
     *
     * @param idle the process before
     * @param idleHeap its live heap before
     * @param running the process with all of them running
     * @param runningHeap its live heap then
     * @param followed the process with a follower of each
     * @param followedHeap its live heap then
     */
    record Load(
            ProcessFacts idle,
            long idleHeap,
            ProcessFacts running,
            long runningHeap,
            ProcessFacts followed,
            long followedHeap) {}

    /** Measures. */
    public Report run() throws IOException, InterruptedException {
        String machine = Lab.machineLine();
        Load load = load(lab, jobs);
        double perJob = (load.followedHeap() - load.idleHeap()) / KIB / jobs;
        return new Report(
                "density",
                machine,
                List.of(
                        Figure.single("jobs running and followed", "", jobs),
                        Figure.single("heap, each running and followed", "KB", perJob)
                                .goal("<= 50 KB"),
                        Figure.single(
                                "heap, each running",
                                "KB",
                                (load.runningHeap() - load.idleHeap()) / KIB / jobs),
                        Figure.single(
                                        "threads more",
                                        "",
                                        load.followed().threads() - load.idle().threads())
                                .goal("0 a job; pools are bounded"),
                        Figure.single("threads, idle", "", load.idle().threads()),
                        Figure.single("live heap, idle", "MB", load.idleHeap() / MIB),
                        Figure.single("live heap, with all", "MB", load.followedHeap() / MIB),
                        Figure.single(
                                "resident memory, idle", "MB", load.idle().residentBytes() / MIB),
                        Figure.single(
                                "resident memory, with all",
                                "MB",
                                load.followed().residentBytes() / MIB)),
                List.of(
                        "simulated engine; heap is what is left after a full collection",
                        "idle: after " + WARM_UP + " jobs, so that pools and classes are there"));
    }

    /** Has a new node run so many jobs that only wait, and follows each. */
    static Load load(Lab lab, int jobs) throws IOException, InterruptedException {
        SimulatedEngine engine =
                lab.own(
                        SimulatedEngine.open(
                                lab.directory().resolve("density.sock"),
                                SimulatedEngine.Delays.NONE));
        Map<String, String> settings =
                Map.of(
                        "docker.host",
                        engine.host(),
                        "jobs.max-running",
                        String.valueOf(jobs),
                        "jobs.max-waiting",
                        String.valueOf(jobs),
                        "jobs.cpu-overcommit",
                        "100");
        try (Station station = Station.open(lab, settings);
                NodeApi api = new NodeApi(station.node().url());
                Followers followers = new Followers(station.node().url())) {
            for (int i = 0; i < WARM_UP; i++) {
                station.client().run(lab.run() + "-w" + i, BenchJob.of("true").start());
            }
            ProcessFacts idle = station.node().facts();
            long idleHeap = station.node().liveHeapBytes();
            byte[] start = new BenchJob("busybox", List.of("sleep", "1d"), 0.01, 6L << 20).start();
            for (int i = 0; i < jobs; i++) {
                station.client().submit(lab.run() + "-d" + i, start);
            }
            awaitRunning(engine, jobs);
            lab.say(jobs + " jobs run");
            ProcessFacts running = station.node().facts();
            long runningHeap = station.node().liveHeapBytes();
            for (int i = 0; i < jobs; i++) {
                String id = lab.run() + "-d" + i;
                if (i == jobs - 1) {
                    api.awaitKnown(id, PATIENCE);
                }
                followers.open(id);
            }
            followers.start();
            long greeted = followers.await(Follower::isGreeted, PATIENCE);
            lab.say(greeted + " of them are followed");
            ProcessFacts followed = station.node().facts();
            long followedHeap = station.node().liveHeapBytes();
            engine.endAll();
            return new Load(idle, idleHeap, running, runningHeap, followed, followedHeap);
        }
    }

    private static void awaitRunning(SimulatedEngine engine, int jobs) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (engine.running() < jobs) {
            if (System.nanoTime() > deadline) {
                throw new BenchFailure("only " + engine.running() + " of " + jobs + " jobs run");
            }
            Thread.sleep(50);
        }
    }
}
