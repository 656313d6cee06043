package dev.longshore.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every call to the engine that one job makes, in order, with its time. Blocks the calling thread.
 */
public final class Calls {
    private static final int WARM_UP = 5;

    /** For what is still to come after a result: the container's removal. */
    private static final long AFTER_MILLIS = 150;

    private final Lab lab;
    private final int jobs;

    /** Makes one in {@code lab}, of so many jobs. */
    public Calls(Lab lab, int jobs) {
        if (jobs < 1) {
            throw new IllegalArgumentException("at least 1 job");
        }
        this.lab = lab;
        this.jobs = jobs;
    }

    private record Times(List<Double> at, List<Double> first, List<Double> last) {
        Times() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException {
        String machine = Lab.machineLine();
        lab.bare();
        CallLog log =
                lab.own(new CallLog(lab.directory().resolve("calls.sock"), lab.machine().engine()));
        Map<String, Times> all = new LinkedHashMap<>();
        List<Double> results = new ArrayList<>();
        byte[] start = BenchJob.of("true").start();
        try (Station station = Station.open(lab, Map.of("docker.host", log.host()))) {
            for (int i = 0; i < WARM_UP; i++) {
                station.client().run(lab.run() + "-w" + i, start);
            }
            Thread.sleep(AFTER_MILLIS);
            for (int i = 0; i < jobs; i++) {
                log.take();
                long before = System.nanoTime();
                JobClient.Ended end = station.client().run(lab.run() + "-s" + i, start);
                results.add(BareEngine.millis(end.atNanos() - before));
                Thread.sleep(AFTER_MILLIS);
                note(log.take(), before, all);
            }
        }
        return report(machine, all, results);
    }

    private static void note(List<CallLog.Call> calls, long before, Map<String, Times> all) {
        Map<String, Integer> seen = new HashMap<>();
        for (CallLog.Call call : calls) {
            if (call.what().endsWith("/_ping")) {
                continue; // the heartbeat's
            }
            int times = seen.merge(call.what(), 1, Integer::sum);
            String name = times == 1 ? call.what() : call.what() + " (" + times + ")";
            Times of = all.computeIfAbsent(name, first -> new Times());
            of.at().add(BareEngine.millis(call.atNanos() - before));
            of.first().add(call.toFirstByte());
            of.last().add(call.toLastByte());
        }
    }

    private Report report(String machine, Map<String, Times> all, List<Double> results) {
        List<Figure> figures = new ArrayList<>();
        all.entrySet().stream()
                .sorted(
                        java.util.Comparator.comparingDouble(
                                each -> Figure.median(each.getValue().at())))
                .forEach(
                        each -> {
                            Times times = each.getValue();
                            figures.add(
                                    Figure.median(each.getKey(), "ms", times.last())
                                            .goal(
                                                    "begins at %.0f ms, first byte after %.1f ms"
                                                            .formatted(
                                                                    Figure.median(times.at()),
                                                                    Figure.median(times.first()))));
                        });
        figures.add(Figure.median("command to result", "ms", results));
        return new Report(
                "calls",
                machine,
                figures,
                List.of(
                        jobs
                                + " jobs, one after the other; times are medians, a call's own to"
                                + " its last byte",
                        "begins at: after the command was written to Kafka"));
    }
}
