package dev.longshore.bench;

import java.util.List;
import java.util.Objects;

/**
 * What one benchmark found.
 *
 * @param bench its name, as it was asked for
 * @param machine what it ran on, and how busy that was
 * @param figures in the order in which they are told
 * @param notes how to read them, a sentence each
 */
public record Report(String bench, String machine, List<Figure> figures, List<String> notes) {
    /** Copies; refuses nulls by name. */
    public Report {
        Objects.requireNonNull(bench, "bench");
        Objects.requireNonNull(machine, "machine");
        figures = List.copyOf(figures);
        notes = List.copyOf(notes);
    }
}
