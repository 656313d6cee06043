package dev.longshore.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One figure of a report: a value, and how far the values it was drawn from lie apart.
 *
 * @param name what was measured
 * @param unit of value, low and high, such as {@code ms} or {@code jobs/s}
 * @param value a median, a quantile, or the one value there is
 * @param low the smallest value seen
 * @param high the largest value seen
 * @param count how many values there were
 * @param goal what it is meant to reach, in words; empty where nothing is
 */
public record Figure(
        String name, String unit, double value, double low, double high, int count, String goal) {
    private static final double HALF = 0.5;

    /** Refuses nulls by name. */
    public Figure {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(goal, "goal");
    }

    /** The median of these. */
    static Figure median(String name, String unit, List<Double> values) {
        return quantile(name, unit, values, HALF);
    }

    /** A quantile of these, between 0 and 1. */
    static Figure quantile(String name, String unit, List<Double> values, double quantile) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values of " + name);
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Figure(
                name,
                unit,
                at(sorted, quantile),
                sorted[0],
                sorted[sorted.length - 1],
                sorted.length,
                "");
    }

    /** The one value there is. */
    static Figure single(String name, String unit, double value) {
        return new Figure(name, unit, value, value, value, 1, "");
    }

    /** The same, with what it is meant to reach. */
    Figure goal(String words) {
        return new Figure(name, unit, value, low, high, count, words);
    }

    /** The median of these. */
    static double median(List<Double> values) {
        return at(values.stream().mapToDouble(Double::doubleValue).sorted().toArray(), HALF);
    }

    private static double at(double[] sorted, double quantile) {
        double place = quantile * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    @Override
    public String toString() {
        return name + " " + value + " " + unit + " " + Arrays.asList(low, high, count);
    }
}
