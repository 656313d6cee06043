package dev.longshore.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs what a person would type, in the project's own directory, against the tests' engine. */
public final class Shell {
    private static final long LONGEST_SECONDS = 180;

    private Shell() {}

    /** Runs a bash script that has nothing to read, and waits for its end. */
    public static Outcome run(String script) throws IOException, InterruptedException {
        return run(script, false);
    }

    /** The same, where somebody could still type something, as before a terminal. */
    public static Outcome attended(String script) throws IOException, InterruptedException {
        return run(script, true);
    }

    private static Outcome run(String script, boolean attended)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("longshore-out", ".txt");
        Path err = Files.createTempFile("longshore-err", ".txt");
        try {
            Process process = start(script, out, err);
            if (!attended) {
                process.getOutputStream().close();
            }
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                end(process);
                throw new AssertionError(
                        "still running after "
                                + LONGEST_SECONDS
                                + " s: "
                                + script
                                + "\n"
                                + Files.readString(out)
                                + Files.readString(err));
            }
            return new Outcome(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    /** Starts a bash script whose output goes to these files; its input stays open. */
    public static Process start(String script, Path out, Path err) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script);
        builder.environment().put("DOCKER_HOST", TestEngine.host());
        return builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    }

    /** Ends a script as Ctrl-C would, and everything that it started; waits for it. */
    public static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    /**
     * What came of it.
     *
     * @param exitCode of the script
     * @param out what it printed on standard output
     * @param err what it printed on standard error
     */
    public record Outcome(int exitCode, String out, String err) {
        /** Both outputs. */
        public String all() {
            return out + err;
        }
    }
}
