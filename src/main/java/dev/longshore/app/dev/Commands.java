package dev.longshore.app.dev;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the machine's own programs to their end. Blocks the calling thread; any thread may call. */
final class Commands {
    private Commands() {}

    /**
     * How a program ended.
     *
     * @param exitCode its exit code, -1 where it was ended because its time was up
     * @param output standard output and standard error together
     */
    record Ended(int exitCode, String output) {
        boolean ok() {
            return exitCode == 0;
        }

        /** The last lines of the output, for a message. */
        String tail(int lines) {
            List<String> all = output.lines().filter(line -> !line.isBlank()).toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        }
    }

    /**
     * Runs {@code words} in {@code directory} (null: here); a program that is too late is killed.
     */
    static Ended run(@Nullable Path directory, Duration within, List<String> words)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("longshore", ".out");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(output.toFile());
            builder.environment()
                    .putAll(Map.of("DEBIAN_FRONTEND", "noninteractive", "LC_ALL", "C"));
            if (directory != null) {
                builder.directory(directory.toFile());
            }
            Process process = builder.start();
            boolean ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            String text =
                    new String(Files.readAllBytes(output), java.nio.charset.StandardCharsets.UTF_8);
            return new Ended(ended ? process.exitValue() : -1, text);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    static Ended run(Duration within, String... words) throws IOException, InterruptedException {
        return run(null, within, List.of(words));
    }

    /**
     * The program called {@code name} on the path or in the directories of administrators, or null.
     */
    static @Nullable Path find(String name) {
        String path =
                System.getenv().getOrDefault("PATH", "")
                        + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin";
        for (String directory : path.split(":", -1)) {
            if (!directory.isEmpty()) {
                Path candidate = Path.of(directory, name);
                if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                    return candidate;
                }
            }
        }
        return null;
    }
}
