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
import java.util.List;
import java.util.Map;

/**
 * Makes the JVM's ahead-of-time cache of a command by running it once as it is run in earnest: on a
 * simulated engine, with a few jobs, a follower and a few questions. The JVM writes the cache when
 * the command ends. Blocks the calling thread.
 */
public final class Training {
    private static final Duration START = Duration.ofSeconds(120);

    /**
     * The JVM writes it in a process of its own at the command's end: seconds on a busy machine.
     */
    private static final Duration WRITING = Duration.ofMinutes(5);

    private static final int JOBS = 40;

    private final Lab lab;
    private final Path cache;
    private final List<String> java;

    /**
     * Prepares.
     *
     * @param cache the file to make; replaced in one step
     * @param java the JVM with the flags and the class path of the command
     */
    public Training(Lab lab, Path cache, List<String> java) {
        this.lab = lab;
        this.cache = cache.toAbsolutePath();
        this.java = List.copyOf(java);
    }

    /** Trains {@code serve}, with a broker in a process of its own. */
    public void serve() throws IOException, InterruptedException {
        SimulatedEngine engine = engine();
        List<String> words = new ArrayList<>(List.of("serve"));
        lab.nodeSettings(Map.of("docker.host", engine.host()))
                .forEach((key, value) -> words.addAll(List.of("--set", key + "=" + value)));
        train(words, engine);
    }

    /** Trains {@code dev}, which has its own broker. */
    public void dev() throws IOException, InterruptedException {
        String data = lab.directory().resolve("dev").toString();
        train(
                List.of("dev", "--http-port", "0", "--kafka-port", "0", "--data-dir", data),
                engine());
    }

    private SimulatedEngine engine() throws IOException {
        return lab.own(
                SimulatedEngine.open(
                        lab.directory().resolve("training.sock"), SimulatedEngine.Delays.NONE));
    }

    private void train(List<String> words, SimulatedEngine engine)
            throws IOException, InterruptedException {
        Path made = cache.resolveSibling(cache.getFileName() + ".new");
        List<String> command = new ArrayList<>();
        command.add(java.getFirst());
        command.add("-XX:AOTCacheOutput=" + made);
        command.addAll(java.subList(1, java.size()));
        command.add("dev.longshore.cli.Main");
        command.addAll(words);
        lab.say("a training run of " + words.getFirst());
        ChildProcess child =
                lab.own(
                        ChildProcess.start(
                                lab, "training", command, Map.of("DOCKER_HOST", engine.host())));
        String ready = child.awaitLine("ready ", START);
        URI url = URI.create(ready.replaceFirst(".*http=(\\S+).*", "$1"));
        String kafka = ready.replaceFirst(".*kafka=(\\S+).*", "$1");
        String prefix = words.getFirst().equals("dev") ? "longshore" : lab.run() + "-1";
        exercise(url, kafka, prefix);
        lab.say("writing " + cache);
        child.end(WRITING);
        if (!Files.isRegularFile(made)) {
            throw new BenchFailure("the JVM wrote no cache; it said:\n" + child.complaints());
        }
        Files.move(made, cache, StandardCopyOption.ATOMIC_MOVE);
    }

    private void exercise(URI url, String kafka, String prefix)
            throws IOException, InterruptedException {
        try (JobClient client = new JobClient(kafka, prefix);
                Followers followers = new Followers(url);
                NodeApi api = new NodeApi(url);
                HttpClient http = HttpClient.newHttpClient()) {
            client.submit("train-log", BenchJob.of("print", "2000", "1000").start());
            api.awaitKnown("train-log", START);
            followers.open("train-log");
            followers.start();
            for (int i = 0; i < JOBS; i++) {
                client.run("train-" + i, BenchJob.of("true").start());
            }
            for (String path :
                    List.of(
                            "executions",
                            "executions/train-1",
                            "nodes",
                            "executions/train-1/logs")) {
                http.send(
                        HttpRequest.newBuilder(url.resolve("/api/v1/" + path)).build(),
                        HttpResponse.BodyHandlers.ofString());
            }
            followers.await(Follower::isEnded, Duration.ofSeconds(20));
        }
    }
}
