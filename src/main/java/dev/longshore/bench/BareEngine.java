package dev.longshore.bench;

import dev.longshore.app.dev.EngineAddress;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Jobs by the engine alone: create, start, wait, logs, remove, each container with the same limits
 * and isolation as a node's own, so that what differs is the node. Any thread; each job has a
 * connection of its own.
 */
final class BareEngine {
    private static final String API = "/v1.41";
    private static final double NANOS_PER_MILLI = 1e6;

    /** What a node asks for a job that names nothing; see {@code docs/job.md}. */
    private static final String CREATE =
            """
            {"Image":"%s","Cmd":[%s],"Labels":{"%s":"%s"},"StopSignal":"SIGTERM","StopTimeout":10,
            "Healthcheck":{"Test":["NONE"]},"HostConfig":{"Memory":%d,"MemorySwap":%d,
            "NanoCpus":%d,"PidsLimit":256,"NetworkMode":"none","CapDrop":["ALL"],
            "SecurityOpt":["no-new-privileges:true"],"IpcMode":"private","Init":true,
            "ShmSize":67108864,"Ulimits":[{"Name":"core","Soft":0,"Hard":0}],
            "LogConfig":{"Type":"json-file","Config":{"max-size":"1t","max-file":"1",
            "compress":"false","mode":"blocking"}}}}\
            """;

    private final EngineAddress engine;
    private final String run;
    private final AtomicInteger number = new AtomicInteger();

    /** Makes one whose containers carry {@link Lab#LABEL} with this value. */
    BareEngine(EngineAddress engine, String run) {
        this.engine = engine;
        this.run = run;
    }

    /**
     * One job's times, in milliseconds.
     *
     * @param atNanos when its container was gone, by {@link System#nanoTime()}
     */
    record Timing(
            double create, double start, double await, double logs, double remove, long atNanos) {
        /** From before the create to the last byte of the log. */
        double toLogs() {
            return create + start + await + logs;
        }
    }

    /** A connection for {@link #job}. */
    RawConnection connect() throws IOException {
        return new RawConnection(engine);
    }

    /** Makes and starts a container; its id. */
    String start(RawConnection connection, BenchJob job) throws IOException {
        String id = create(connection, job);
        connection.call("POST", API + "/containers/" + id + "/start", "").orFail("start");
        return id;
    }

    /** Reads a log as it grows, to its end or until {@code body} has enough. */
    void follow(RawConnection connection, String id, RawConnection.Body body) throws IOException {
        String query = "/logs?stdout=1&stderr=1&timestamps=1&follow=1";
        connection.stream("GET", API + "/containers/" + id + query, "", body);
    }

    void remove(RawConnection connection, String id) throws IOException {
        connection.call("DELETE", API + "/containers/" + id + "?force=1&v=1", "").orFail("remove");
    }

    /** One job from create to remove. */
    Timing job(RawConnection connection, BenchJob job) throws IOException {
        long t0 = System.nanoTime();
        String id = create(connection, job);
        long t1 = System.nanoTime();
        String path = API + "/containers/" + id;
        connection.call("POST", path + "/start", "").orFail("start");
        long t2 = System.nanoTime();
        connection.call("POST", path + "/wait", "").orFail("wait");
        long t3 = System.nanoTime();
        connection
                .call("GET", path + "/logs?stdout=1&stderr=1&timestamps=1&follow=0", "")
                .orFail("logs");
        long t4 = System.nanoTime();
        remove(connection, id);
        long t5 = System.nanoTime();
        return new Timing(
                millis(t1 - t0),
                millis(t2 - t1),
                millis(t3 - t2),
                millis(t4 - t3),
                millis(t5 - t4),
                t5);
    }

    /** So many jobs, so many at a time; in the order in which they ended. */
    List<Timing> jobs(int count, int concurrency, BenchJob job) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(count);
        List<Timing> done = java.util.Collections.synchronizedList(new ArrayList<>());
        Callable<Void> worker =
                () -> {
                    try (RawConnection connection = connect()) {
                        while (left.getAndDecrement() > 0) {
                            done.add(job(connection, job));
                        }
                    }
                    return null;
                };
        try (ExecutorService threads = Executors.newFixedThreadPool(concurrency)) {
            try {
                for (Future<Void> each :
                        threads.invokeAll(java.util.Collections.nCopies(concurrency, worker))) {
                    each.get();
                }
            } catch (ExecutionException e) {
                throw new BenchFailure("the bare engine: " + e.getCause(), e);
            } finally {
                threads.shutdownNow();
            }
        }
        return List.copyOf(done);
    }

    /** Removes every container with this label, running or not. */
    void removeAll(String label) throws IOException {
        try (RawConnection connection = connect()) {
            String filter =
                    URLEncoder.encode("{\"label\":[\"" + label + "\"]}", StandardCharsets.UTF_8);
            String found =
                    connection
                            .call("GET", API + "/containers/json?all=1&filters=" + filter, "")
                            .orFail("list")
                            .text();
            for (var each : Json.array(found)) {
                connection.call(
                        "DELETE",
                        API + "/containers/" + each.path("Id").asText() + "?force=1&v=1",
                        "");
            }
        }
    }

    private String create(RawConnection connection, BenchJob job) throws IOException {
        String words = String.join(",", job.command().stream().map(Json::quoted).toList());
        String json =
                CREATE.formatted(
                        job.image(),
                        words,
                        Lab.LABEL,
                        run,
                        job.memoryBytes(),
                        job.memoryBytes(),
                        (long) (job.cores() * 1e9));
        String name = "longshore-bench-" + run + "-" + number.incrementAndGet();
        String answer =
                connection
                        .call("POST", API + "/containers/create?name=" + name, json)
                        .orFail("create")
                        .text();
        return Json.object(answer).path("Id").asText();
    }

    static double millis(long nanos) {
        return nanos / NANOS_PER_MILLI;
    }
}
