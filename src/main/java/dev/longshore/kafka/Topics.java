package dev.longshore.kafka;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/**
 * The names of the topics. Plain values, for any thread.
 *
 * @param jobs start commands
 * @param control every other command
 * @param status status events
 * @param results result events
 * @param logs log lines
 * @param nodes node events
 * @param deadLetters refused records
 */
public record Topics(
        String jobs,
        String control,
        String status,
        String results,
        String logs,
        String nodes,
        String deadLetters) {
    /** The prefix of the names where nothing else is set. */
    public static final String DEFAULT_PREFIX = "longshore";

    /** Refuses nulls by name, and two roles for one topic. */
    public Topics {
        Objects.requireNonNull(jobs, "jobs");
        Objects.requireNonNull(control, "control");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(results, "results");
        Objects.requireNonNull(logs, "logs");
        Objects.requireNonNull(nodes, "nodes");
        Objects.requireNonNull(deadLetters, "deadLetters");
        List<String> all = List.of(jobs, control, status, results, logs, nodes, deadLetters);
        if (new LinkedHashSet<>(all).size() != all.size()) {
            throw new IllegalArgumentException("each topic needs a name of its own, got " + all);
        }
    }

    /** The seven topics named {@code <prefix>.jobs}, {@code <prefix>.control} and so on. */
    public static Topics withPrefix(String prefix) {
        return new Topics(
                prefix + ".jobs",
                prefix + ".control",
                prefix + ".status",
                prefix + ".results",
                prefix + ".logs",
                prefix + ".nodes",
                prefix + ".dead-letters");
    }
}
