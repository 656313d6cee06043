package dev.longshore.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process of ours, asked to end and then made to end with the benchmark. Its standard error goes
 * to a file, its standard output is read here. Its standard input is a pipe that nobody writes to:
 * a child may take the pipe's end as the benchmark's. One thread at a time.
 */
final class ChildProcess implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int MOST_LINES = 1024;
    private static final Duration LAST_GRACE = Duration.ofSeconds(20);
    private static final int TOLD_LINES = 12;

    private final String name;
    private final Process process;
    private final Path errors;
    private final long startedNanos = System.nanoTime();
    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(MOST_LINES);

    private ChildProcess(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.errors = errors;
    }

    /**
     * A line of its standard output.
     *
     * @param atNanos when it was read
     */
    record Line(String text, long atNanos) {}

    /** Starts {@code command} in the lab's directory, with more environment. */
    static ChildProcess start(
            Lab lab, String name, List<String> command, Map<String, String> environment)
            throws IOException {
        Path errors = lab.directory().resolve(name + "-" + NUMBER.incrementAndGet() + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(lab.directory().toFile())
                        .redirectError(errors.toFile());
        builder.environment().putIfAbsent("LONGSHORE_LOG_LEVEL", "warn");
        builder.environment().putAll(environment);
        ChildProcess child = new ChildProcess(name, builder.start(), errors);
        Thread.ofPlatform().daemon().name("output-of-" + name).start(child::read);
        return child;
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (!lines.offer(new Line(line, System.nanoTime()))) {
                    lines.clear(); // nobody waits for lines any more
                }
            }
        } catch (IOException e) {
            lines.clear(); // it was ended: nothing more comes
        }
    }

    /** The next line that begins so. */
    String awaitLine(String beginning, Duration within) throws IOException, InterruptedException {
        return await(beginning, within).text();
    }

    /** How long after its start it said that. */
    double millisSinceStart(Line line) {
        return BareEngine.millis(line.atNanos() - startedNanos);
    }

    /** The next line that begins so, with its time. */
    Line await(String beginning, Duration within) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (System.nanoTime() < deadline) {
            Line line = lines.poll(50, TimeUnit.MILLISECONDS);
            if (line != null && line.text().startsWith(beginning)) {
                return line;
            }
            if (line == null && !process.isAlive() && lines.isEmpty()) {
                break;
            }
        }
        throw new BenchFailure(
                "the " + name + " did not say '" + beginning + "'; it wrote:\n" + complaints());
    }

    /** The last lines of its standard error. */
    String complaints() throws IOException {
        List<String> all = Files.readAllLines(errors, StandardCharsets.UTF_8);
        return String.join("\n", all.subList(Math.max(0, all.size() - TOLD_LINES), all.size()));
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end and waits; its exit code. */
    int end(Duration within) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
        return process.exitValue();
    }

    /** Waits until it ends by itself; its exit code. */
    int awaitEnd(Duration within) throws InterruptedException {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new BenchFailure("the " + name + " did not end within " + within);
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        end(LAST_GRACE);
    }
}
