package dev.longshore.job;

import java.util.List;

/**
 * A declared output, collected into the execution's results directory.
 *
 * @param name its name
 * @param path the directory on the node that has it
 * @param files how many files
 * @param bytes their sizes together
 * @param manifest each file, by path; at most {@link #MOST_MANIFEST} of them, though all are there
 */
public record CollectedOutput(
        String name, String path, long files, long bytes, List<Entry> manifest) {
    /** The most files that a result lists: it has to fit into a record. */
    public static final int MOST_MANIFEST = 1_000;

    /** Copies the manifest. */
    public CollectedOutput {
        Checks.required(name, "name");
        Checks.required(path, "path");
        manifest = List.copyOf(manifest);
    }

    /**
     * One file.
     *
     * @param path under the output, with {@code /} between its parts
     * @param bytes its size
     * @param sha256 lower-case hex
     */
    public record Entry(String path, long bytes, String sha256) {
        /** Refuses nulls by name. */
        public Entry {
            Checks.required(path, "path");
            Checks.required(sha256, "sha256");
        }
    }
}
