package dev.longshore.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A node in a process of its own, started by the launcher as {@code serve}, so that heap, threads
 * and memory are the node's alone. One thread at a time.
 */
final class NodeProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(40);

    private final ChildProcess child;
    private final Map<String, String> settings;
    private final double readyMillis;
    private final String url;
    private boolean closed;

    private NodeProcess(
            ChildProcess child, Map<String, String> settings, double readyMillis, String url) {
        this.child = child;
        this.settings = Map.copyOf(settings);
        this.readyMillis = readyMillis;
        this.url = url;
    }

    /** Starts it and waits until it takes commands. */
    static NodeProcess start(Lab lab, Map<String, String> settings, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Lab.launcher().toString());
        command.add("serve");
        settings.forEach(
                (key, value) -> {
                    command.add("--set");
                    command.add(key + "=" + value);
                });
        ChildProcess child = ChildProcess.start(lab, "node", command, environment);
        try {
            Ready ready = Ready.await(child, START);
            return new NodeProcess(child, settings, ready.millis(), ready.url());
        } catch (IOException | InterruptedException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    /** What a node says once it takes commands. */
    record Ready(double millis, String url) {
        static Ready await(ChildProcess child, Duration within)
                throws IOException, InterruptedException {
            ChildProcess.Line line = child.await("ready ", within);
            int from = line.text().indexOf("http=") + 5;
            return new Ready(
                    child.millisSinceStart(line),
                    line.text().substring(from, line.text().indexOf(' ', from)));
        }
    }

    /** Milliseconds from the launcher's start to the line {@code ready}. */
    double readyMillis() {
        return readyMillis;
    }

    URI url() {
        return URI.create(url);
    }

    /** What its topics begin with. */
    String prefix() {
        return settings.getOrDefault("topics.prefix", "longshore");
    }

    /** Its memory and threads as they are now. */
    ProcessFacts facts() throws IOException {
        return ProcessFacts.of(child.pid());
    }

    /** Bytes of its heap that are in use after a full collection. */
    long liveHeapBytes() throws IOException, InterruptedException {
        return ProcessFacts.liveHeapBytes(child.pid());
    }

    String complaints() throws IOException {
        return child.complaints();
    }

    @Override
    public void close() throws InterruptedException {
        if (!closed) {
            closed = true;
            child.end(STOP);
        }
    }
}
