package dev.longshore.capacity;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs tools as processes of this host. A driver that hangs may hang its tool: it is left then. */
final class HostProbe implements Probe {
    private static final int CANNOT_RUN = 126;
    private static final int MOST_OUTPUT_BYTES = 1 << 20;

    @Override
    public Answer run(List<String> command, Duration deadline) {
        if (!isThere(command.getFirst())) {
            return new Answer(Answer.ABSENT, command.getFirst() + " is not on the path");
        }
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            return new Answer(CANNOT_RUN, String.valueOf(e.getMessage()));
        }
        return answer(process, deadline);
    }

    private static Answer answer(Process process, Duration deadline) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        // A thread of its own: reading a pipe cannot be interrupted.
        Thread.ofPlatform()
                .daemon()
                .name("longshore-probe")
                .start(
                        () -> {
                            try {
                                answer.complete(read(process));
                            } catch (IOException e) {
                                answer.complete(
                                        new Answer(CANNOT_RUN, String.valueOf(e.getMessage())));
                            } catch (InterruptedException e) {
                                answer.cancel(false);
                                Thread.currentThread().interrupt();
                            }
                        });
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Answer(Answer.LATE, "no answer within " + deadline.toMillis() + " ms");
        } catch (ExecutionException e) {
            return new Answer(CANNOT_RUN, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(Answer.LATE, "interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static Answer read(Process process) throws IOException, InterruptedException {
        try (InputStream output = process.getInputStream()) {
            byte[] bytes = output.readNBytes(MOST_OUTPUT_BYTES);
            return new Answer(process.waitFor(), new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static boolean isThere(String tool) {
        if (tool.contains(File.separator)) {
            return Files.isExecutable(Path.of(tool));
        }
        String path = System.getenv("PATH");
        return path != null
                && List.of(path.split(File.pathSeparator, -1)).stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
