package dev.longshore.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The log of one program that prints as fast as it can, from its container by way of Kafka to a
 * websocket, beside the engine's own stream of such a container; and the delay of lines at a steady
 * rate on both ways at once. Blocks the calling thread.
 */
public final class LogPipeline {
    private static final int LINE_BYTES = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Lab lab;
    private final Options options;
    private final BareEngine bare;

    /**
     * How much.
     *
     * @param lines of 100 bytes, printed flat out
     * @param pairs of node and bare engine
     * @param seconds of the steady rate, 0 for none
     */
    public record Options(int lines, int pairs, int seconds) {
        /** Refuses what tells nothing. */
        public Options {
            if (lines < 1000 || pairs < 1 || seconds < 0) {
                throw new IllegalArgumentException("at least 1000 lines and 1 pair");
            }
        }
    }

    /** Makes one in {@code lab}. */
    public LogPipeline(Lab lab, Options options) throws InterruptedException {
        this.lab = lab;
        this.options = options;
        this.bare = lab.bare();
    }

    /** Measures. */
    public Report run() throws IOException, InterruptedException {
        String machine = Lab.machineLine();
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        List<Figure> figures = new ArrayList<>();
        long gaps = 0;
        try (Station station = Station.open(lab, Map.of("jobs.cpu-overcommit", "4"))) {
            for (int pair = 0; pair <= options.pairs(); pair++) {
                double reference = bareRate();
                Node node = nodeRate(station, lab.run() + "-p" + pair);
                lab.say(
                        "%s: node %.0f, bare engine %.0f lines/s"
                                .formatted(
                                        pair == 0 ? "warm-up" : "pair " + pair,
                                        node.rate(),
                                        reference));
                if (pair > 0) {
                    ours.add(node.rate());
                    theirs.add(reference);
                    ratios.add(node.rate() / reference);
                    gaps += node.missing();
                }
            }
            figures.add(Figure.median("ratio, node to bare engine", "", ratios).goal(">= 0.6"));
            figures.add(Figure.median("node", "lines/s", ours));
            figures.add(Figure.median("bare engine", "lines/s", theirs));
            figures.add(Figure.single("node", "MB/s", Figure.median(ours) * LINE_BYTES / 1e6));
            figures.add(
                    Figure.single("bare engine", "MB/s", Figure.median(theirs) * LINE_BYTES / 1e6));
            figures.add(Figure.single("lines that did not come", "", gaps).goal("0"));
            if (options.seconds() > 0) {
                figures.addAll(new LineDelay(lab, bare, station).run(options.seconds()));
            }
        }
        return new Report(
                "logs",
                machine,
                figures,
                List.of(
                        "lines of 100 bytes; the rate is from the first line to the last at the"
                                + " reader",
                        "bare engine: GET logs?follow=1&timestamps=1 over its socket"));
    }

    private BenchJob writer(int lines) {
        String text = "x".repeat(LINE_BYTES - 1);
        return BenchJob.of("sh", "-c", "sleep 1; yes " + text + " | head -n " + lines).withCores(2);
    }

    private double bareRate() throws IOException {
        try (RawConnection calls = bare.connect();
                RawConnection stream = bare.connect()) {
            String id = bare.start(calls, writer(options.lines()));
            Count count = new Count(options.lines());
            bare.follow(stream, id, count);
            bare.remove(calls, id);
            return count.rate();
        }
    }

    /** Counts lines by their newlines. */
    private static final class Count implements RawConnection.Body {
        private final long wanted;
        private long lines;
        private long firstNanos;
        private long lastNanos;

        Count(long wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean piece(ByteBuffer bytes) {
            lastNanos = System.nanoTime();
            firstNanos = firstNanos == 0 ? lastNanos : firstNanos;
            while (bytes.hasRemaining()) {
                // A frame's head may hold a byte of that value too: sizes here do not.
                lines += bytes.get() == '\n' ? 1 : 0;
            }
            return lines < wanted;
        }

        double rate() {
            return lines * 1e9 / Math.max(1, lastNanos - firstNanos);
        }
    }

    private record Node(double rate, long missing) {}

    private Node nodeRate(Station station, String id) throws IOException, InterruptedException {
        try (NodeApi api = new NodeApi(station.node().url());
                Followers followers = new Followers(station.node().url())) {
            station.client().submit(id, writer(options.lines()).start());
            api.awaitKnown(id, Duration.ofSeconds(30));
            Follower follower = followers.open(id);
            followers.start();
            followers.await(Follower::isEnded, PATIENCE);
            station.client().next().orFail();
            long nanos = follower.lastNanos() - follower.firstNanos();
            return new Node(
                    follower.lines() * 1e9 / Math.max(1, nanos),
                    options.lines() - follower.lines());
        }
    }
}
