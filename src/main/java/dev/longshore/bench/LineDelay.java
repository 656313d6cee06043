package dev.longshore.bench;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How old lines are when they reach their reader, by the engine's own time of each, at about 1,000
 * lines a second: by websocket from a node, and by the engine's own stream. Blocks the caller.
 */
final class LineDelay {
    private static final double P99 = 0.99;
    private static final int STAMP_BYTES = 30;

    /** Ten lines each ten milliseconds, as nearly as a shell can. */
    private static final String WRITER =
            "sleep 1; i=0; while [ $i -lt %d ]; do i=$((i+1)); echo a; echo b; echo c; echo d;"
                    + " echo e; echo f; echo g; echo h; echo i; echo j; usleep 9000; done";

    private final Lab lab;
    private final BareEngine bare;
    private final Station station;

    LineDelay(Lab lab, BareEngine bare, Station station) {
        this.lab = lab;
        this.bare = bare;
        this.station = station;
    }

    List<Figure> run(int seconds) throws IOException, InterruptedException {
        BenchJob job = BenchJob.of("sh", "-c", WRITER.formatted(seconds * 100)).withCores(1);
        lab.say("lines at a steady rate, by the bare engine");
        List<Double> theirs = byEngine(job);
        lab.say("lines at a steady rate, by the node");
        List<Double> ours = byNode(job);
        double added =
                Figure.quantile("", "", ours, P99).value()
                        - Figure.quantile("", "", theirs, P99).value();
        return List.of(
                Figure.single("added delay at a steady rate, p99", "ms", added).goal("<= 50 ms"),
                Figure.median("delay by the node, p50", "ms", ours),
                Figure.quantile("delay by the node, p99", "ms", ours, P99),
                Figure.median("delay by the bare engine, p50", "ms", theirs),
                Figure.quantile("delay by the bare engine, p99", "ms", theirs, P99));
    }

    private List<Double> byEngine(BenchJob job) throws IOException {
        List<Double> delays = new ArrayList<>();
        StringBuilder rest = new StringBuilder();
        try (RawConnection calls = bare.connect();
                RawConnection stream = bare.connect()) {
            String id = bare.start(calls, job);
            bare.follow(stream, id, piece -> lines(piece, rest, delays));
            bare.remove(calls, id);
        }
        return delays;
    }

    /** The times of whole lines: after eight bytes of frame head each. */
    private static boolean lines(ByteBuffer piece, StringBuilder rest, List<Double> delays) {
        Instant now = Instant.now();
        rest.append(StandardCharsets.ISO_8859_1.decode(piece));
        int from = 0;
        for (int end = rest.indexOf("Z ", from); end >= 0; end = rest.indexOf("Z ", end + 2)) {
            int begin = end - STAMP_BYTES + 1;
            if (begin >= from) {
                delays.add(delay(rest.substring(begin, end + 1), now));
            }
            from = end + 2;
        }
        rest.delete(0, from);
        return true;
    }

    private List<Double> byNode(BenchJob job) throws IOException, InterruptedException {
        List<Double> delays = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch ended = new CountDownLatch(1);
        String id = lab.run() + "-delay";
        station.client().submit(id, job.start());
        URI node = station.node().url();
        try (NodeApi api = new NodeApi(node);
                HttpClient http = HttpClient.newHttpClient()) {
            api.awaitKnown(id, Duration.ofSeconds(30));
            WebSocket socket =
                    http.newWebSocketBuilder()
                            .buildAsync(
                                    URI.create(
                                            "ws://%s:%d/api/v1/executions/%s/logs"
                                                    .formatted(node.getHost(), node.getPort(), id)),
                                    new Reader(delays, ended))
                            .join();
            if (!ended.await(3, TimeUnit.MINUTES)) {
                throw new BenchFailure("the log of " + id + " did not end");
            }
            socket.abort();
        }
        station.client().next().orFail();
        return List.copyOf(delays);
    }

    private record Reader(List<Double> delays, CountDownLatch ended, StringBuilder text)
            implements WebSocket.Listener {
        Reader(List<Double> delays, CountDownLatch ended) {
            this(delays, ended, new StringBuilder());
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            Instant now = Instant.now();
            text.append(data);
            if (last) {
                text.toString().lines().forEach(line -> take(Json.object(line), now));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private void take(JsonNode json, Instant now) {
            switch (json.path("type").asText()) {
                case "log" -> delays.add(delay(json.path("time").asText(), now));
                case "end" -> ended.countDown();
                default -> {
                    // neither a line nor the end
                }
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            ended.countDown();
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            ended.countDown();
        }
    }

    private static double delay(String time, Instant now) {
        return BareEngine.millis(Duration.between(Instant.parse(time), now).toNanos());
    }
}
