package dev.longshore.results;

import dev.longshore.job.ExecutionId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The layout under the directory of all results: {@code <id>/<attempt>/…}. Blocks: worker threads
 * only.
 */
final class Attempts {
    private static final Logger log = LoggerFactory.getLogger(Attempts.class);
    private static final Pattern ATTEMPT = Pattern.compile("[1-9][0-9]{0,8}");

    /** What is being removed: no id begins with a dot. */
    private static final String GONE = ".gone-";

    private Attempts() {}

    /**
     * Makes this attempt's directory anew. Whatever else has the execution's name, a link say, is
     * replaced and never followed.
     */
    static void prepare(Path attempt) throws IOException {
        Path execution = Disk.parent(attempt);
        if (!Disk.isDirectory(execution)) {
            Files.deleteIfExists(execution);
            try {
                Disk.newDirectory(execution);
            } catch (FileAlreadyExistsException other) {
                // Another attempt of the same execution was first, or somebody plants things.
                if (!Disk.isDirectory(execution)) {
                    throw other;
                }
            }
        }
        Disk.remove(attempt);
        Disk.newDirectory(attempt);
    }

    /** The directory of a collected output of the newest attempt that has it. */
    static Path output(Path root, ExecutionId id, String output) throws IOException {
        // The rule of ids is the rule of outputs' names; what breaks it is no path either.
        if (ExecutionId.isValid(output)) {
            List<Path> attempts = new ArrayList<>(Disk.list(root.resolve(id.value())));
            attempts.removeIf(path -> !isAttempt(path));
            attempts.sort(Comparator.comparingInt(Attempts::number).reversed());
            for (Path attempt : attempts) {
                Path outputs = attempt.resolve("outputs");
                Path found = outputs.resolve(output);
                if (Disk.isDirectory(outputs) && Disk.isDirectory(found)) {
                    return found;
                }
            }
        }
        throw new ResultFailure.NotFound("execution " + id + " has no such output here");
    }

    /** Gone at once for whoever looks, and then from the disk. */
    static void remove(Path root, ExecutionId id) throws IOException {
        Path execution = root.resolve(id.value());
        if (Disk.exists(execution)) {
            Path gone = root.resolve(GONE + UUID.randomUUID());
            Files.move(execution, gone, StandardCopyOption.ATOMIC_MOVE);
            Disk.remove(gone);
        }
    }

    /** The executions all of whose results were written before {@code cutoff}. */
    static List<ExecutionId> olderThan(Path root, Instant cutoff) throws IOException {
        List<ExecutionId> old = new ArrayList<>();
        for (Path child : Disk.list(root)) {
            String name = child.getFileName().toString();
            try {
                if (name.startsWith(GONE)) {
                    // Left where a removal was cut short.
                    Disk.remove(child);
                } else if (ExecutionId.isValid(name)
                        && isExecution(child)
                        && !Disk.writtenSince(child, cutoff)) {
                    old.add(new ExecutionId(name));
                }
            } catch (IOException failure) {
                log.warn("old results {} cannot be looked at: {}", child, failure.toString());
            }
        }
        return old;
    }

    /** Whether it was removed: not if it was written meanwhile, or if the disk refused. */
    static boolean removeIfOlder(Path root, ExecutionId id, Instant cutoff) {
        Path execution = root.resolve(id.value());
        try {
            if (!Disk.exists(execution) || Disk.writtenSince(execution, cutoff)) {
                return false;
            }
            remove(root, id);
            return true;
        } catch (IOException failure) {
            log.warn("old results {} cannot be removed: {}", execution, failure.toString());
            return false;
        }
    }

    /** Whether it looks like ours: a valid id can also be the name of somebody's directory. */
    private static boolean isExecution(Path directory) throws IOException {
        return Disk.isDirectory(directory)
                && Disk.list(directory).stream().allMatch(Attempts::isAttempt);
    }

    private static boolean isAttempt(Path path) {
        return ATTEMPT.matcher(path.getFileName().toString()).matches() && Disk.isDirectory(path);
    }

    private static int number(Path attempt) {
        return Integer.parseInt(attempt.getFileName().toString());
    }
}
