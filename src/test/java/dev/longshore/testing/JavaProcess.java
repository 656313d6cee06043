package dev.longshore.testing;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A main class of the tests' own class path in a process of its own, which can be killed as the
 * kernel would kill it. Its output goes to a file; every start appends to it. One thread at a time.
 */
public final class JavaProcess implements AutoCloseable {
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final Program program;
    private final Path output;
    private @Nullable Process process;
    private long outputBefore;

    /**
     * What to run.
     *
     * @param mainClass its name
     * @param jvmFlags in addition to those that make a start quick
     * @param arguments of the program
     * @param environment in addition to ours
     */
    public record Program(
            String mainClass,
            List<String> jvmFlags,
            List<String> arguments,
            Map<String, String> environment) {
        /** The same with one more flag of the virtual machine. */
        public Program with(String jvmFlag) {
            List<String> more = new ArrayList<>(jvmFlags);
            more.add(jvmFlag);
            return new Program(mainClass, more, arguments, environment);
        }
    }

    /** Prepares; {@code output} gets what it prints. */
    public JavaProcess(Program program, Path output) {
        this.program = program;
        this.output = output;
    }

    /** Starts it; not while it runs. */
    public JavaProcess start() {
        if (isAlive()) {
            throw new IllegalStateException("runs already");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(program.jvmFlags());
        command.addAll(List.of("-cp", classPath(), program.mainClass()));
        command.addAll(program.arguments());
        try {
            outputBefore = Files.exists(output) ? Files.size(output) : 0;
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(program.environment());
            process =
                    builder.redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Waits until it has printed a line that begins so, in this life. */
    public void awaitLine(String beginning, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (printed().lines().noneMatch(line -> line.startsWith(beginning))) {
            if (!isAlive()) {
                throw new AssertionError("ended with " + exitCode() + ":\n" + printed());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        "no line " + beginning + " after " + limit + ":\n" + printed());
            }
            endsWithin(Duration.ofMillis(LOOK_AGAIN_MILLIS));
        }
    }

    /** Whether it ends by itself within this time; returns as soon as it has. */
    public boolean endsWithin(Duration limit) {
        Process running = process;
        try {
            return running == null || running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** What it printed in this life so far. */
    public String printed() {
        try {
            byte[] all = Files.exists(output) ? Files.readAllBytes(output) : new byte[0];
            int from = (int) Math.min(outputBefore, all.length);
            return new String(
                    all, from, all.length - from, java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its exit code, after its end. */
    public int exitCode() {
        Process ended = process;
        return ended == null ? 0 : ended.exitValue();
    }

    /** Asks it to end (SIGTERM); does not wait. */
    public void terminate() {
        if (process != null) {
            process.destroy();
        }
    }

    /**
     * Stops it where it is (SIGSTOP), as a machine does that hangs; {@link #goOn} lets it go on.
     */
    public void freeze() {
        signal("-STOP");
    }

    /** Lets it go on (SIGCONT). */
    public void goOn() {
        signal("-CONT");
    }

    private void signal(String signal) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        try {
            int done =
                    new ProcessBuilder("kill", signal, String.valueOf(running.pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (done != 0) {
                throw new IllegalStateException("kill " + signal + ": " + done);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Ends it at once (SIGKILL) and waits for its end. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            if (!endsWithin(Duration.ofSeconds(30))) {
                throw new IllegalStateException("survived SIGKILL: " + running.pid());
            }
        }
    }

    @Override
    public void close() {
        kill();
    }

    /** The tests' own, whichever way they were started. */
    private static String classPath() {
        String tests = System.getProperty("surefire.test.class.path");
        return (tests == null ? System.getProperty("java.class.path") : tests)
                .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator);
    }
}
