package dev.longshore.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The training runs of the ahead-of-time caches: a node does a little of everything on a simulated
 * engine, and its JVM writes down what it loaded, linked and found hot. Who starts by the launcher
 * afterwards has that from the beginning. Blocks the calling thread.
 *
 * @see <a href="https://openjdk.org/jeps/514">JEP 514</a>
 */
public final class Training {
    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration JOB = Duration.ofMinutes(1);

    /** The JVM assembles the cache as it ends, with all that the machine has. */
    private static final Duration ASSEMBLY = Duration.ofMinutes(10);

    private static final int AT_A_TIME = 8;
    private static final int PRINTED = 200;
    private static final double MIB = 1 << 20;

    private final Lab lab;
    private final int jobs;
    private final List<Figure> figures = new ArrayList<>();

    /** Makes one in {@code lab} with so many jobs in each run. */
    public Training(Lab lab, int jobs) {
        if (jobs < 1) {
            throw new IllegalArgumentException("at least 1 job");
        }
        this.lab = lab;
        this.jobs = jobs;
    }

    /** What is done with a process while it learns. */
    private interface Lesson {
        void give(ChildProcess process) throws IOException, InterruptedException;
    }

    /**
     * Writes {@code serve.aot}, {@code dev.aot} and, of a command that asks that node, {@code
     * client.aot} beside the program's jar.
     */
    public Report run() throws IOException, InterruptedException {
        String machine = Lab.machineLine();
        SimulatedEngine engine =
                lab.own(
                        SimulatedEngine.open(
                                lab.directory().resolve("training.sock"),
                                SimulatedEngine.Delays.NONE));
        String launcher = Lab.launcher().toString();
        List<String> serve = new ArrayList<>(List.of(launcher, "serve"));
        lab.nodeSettings(Map.of("docker.host", engine.host()))
                .forEach((key, value) -> serve.addAll(List.of("--set", key + "=" + value)));
        train("serve", serve, Map.of(), this::exercised);
        train(
                "dev",
                lab.devCommand(),
                Map.of("DOCKER_HOST", engine.host()),
                node -> {
                    URI url = exercised(node);
                    train(
                            "client",
                            List.of(launcher, "ps", "--all", "--url", url.toString()),
                            Map.of(),
                            client -> client.awaitEnd(ASSEMBLY));
                });
        return new Report(
                "train",
                machine,
                figures,
                List.of("the launcher uses a cache that is newer than the program"));
    }

    private void train(
            String name, List<String> command, Map<String, String> environment, Lesson lesson)
            throws IOException, InterruptedException {
        Path target = Lab.launcher().resolveSibling("target");
        Path cache = target.resolve(name + ".aot");
        Path fresh = target.resolve(name + ".aot.new");
        long began = System.nanoTime();
        Files.deleteIfExists(cache);
        Map<String, String> all = new HashMap<>(environment);
        all.put("LONGSHORE_JAVA_OPTS", "-XX:AOTCacheOutput=" + fresh);
        lab.say(name + ": training run");
        try (ChildProcess process = ChildProcess.start(lab, name, command, all)) {
            lesson.give(process);
            lab.say(name + ": writing the cache");
            if (process.isAlive()) {
                process.end(ASSEMBLY);
            }
            if (!Files.exists(fresh)) {
                throw new BenchFailure("the JVM wrote no cache:\n" + process.complaints());
            }
        }
        Files.move(fresh, cache, StandardCopyOption.REPLACE_EXISTING);
        figures.add(Figure.single(name + ": cache", "MB", Files.size(cache) / MIB));
        figures.add(
                Figure.single(
                        name + ": run and cache",
                        "ms",
                        BareEngine.millis(System.nanoTime() - began)));
    }

    /** Where it answers, once it has done its lesson. */
    private URI exercised(ChildProcess node) throws IOException, InterruptedException {
        URI url = URI.create(NodeProcess.Ready.await(node, READY).url());
        exercise(url);
        return url;
    }

    /** What nodes do all day: jobs, with their logs, and questions. */
    private void exercise(URI node) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int done = 0; done < jobs; done += AT_A_TIME) {
                for (int i = done; i < done + AT_A_TIME; i++) {
                    submit(http, node, "train-" + i);
                }
                for (int i = done; i < done + AT_A_TIME; i++) {
                    awaitEnd(http, node, "train-" + i);
                }
                get(http, node.resolve("/api/v1/executions?limit=20"));
                get(http, node.resolve("/api/v1/executions/train-" + done + "/logs"));
            }
            for (String path : List.of("/", "/api/v1/nodes", "/metrics", "/health")) {
                get(http, node.resolve(path));
            }
        }
    }

    private static void submit(HttpClient http, URI node, String id)
            throws IOException, InterruptedException {
        String body =
                "{\"executionId\":\"%s\",\"image\":\"busybox\",\"command\":[\"print\",\"%d\",\"100000\"],"
                                .formatted(id, PRINTED)
                        + "\"resources\":{\"cpu\":0.1,\"memory\":\"8MiB\"}}";
        HttpRequest request =
                HttpRequest.newBuilder(node.resolve("/api/v1/executions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new BenchFailure("the node took no job: " + answer.body());
        }
    }

    private static void awaitEnd(HttpClient http, URI node, String id)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + JOB.toNanos();
        String last = "";
        while (!last.contains("\"state\":\"succeeded\"")) {
            if (System.nanoTime() > deadline) {
                throw new BenchFailure(id + " did not succeed: " + last);
            }
            last = get(http, node.resolve("/api/v1/executions/" + id + "?await=succeeded&wait=1s"));
        }
    }

    private static String get(HttpClient http, URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
