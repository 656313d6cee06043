package dev.longshore.docker;

import java.util.List;

/**
 * What a sweep removed and what it had to leave.
 *
 * @param removed names of networks and volumes that are gone
 * @param failures what could not be removed and why, a line each
 */
public record SweepReport(List<String> removed, List<String> failures) {
    /** Copies the lists. */
    public SweepReport {
        removed = List.copyOf(removed);
        failures = List.copyOf(failures);
    }
}
