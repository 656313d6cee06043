package dev.longshore.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.bench.Figure;
import dev.longshore.bench.Report;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report for people and for programs. Pure. */
final class BenchPrint {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BenchPrint() {}

    /** Its lines as a table, with machine and notes around it. */
    static List<String> table(Report report, boolean colours) {
        Table table = new Table(colours, "FIGURE", "VALUE", "UNIT", "SPREAD", "N", "GOAL");
        for (Figure figure : report.figures()) {
            boolean several = figure.count() > 1;
            table.row(
                    figure.name(),
                    number(figure.value()),
                    figure.unit(),
                    several ? number(figure.low()) + " to " + number(figure.high()) : "",
                    String.valueOf(figure.count()),
                    figure.goal());
        }
        List<String> lines = new ArrayList<>();
        lines.add(report.bench() + " on " + report.machine());
        lines.addAll(table.lines());
        report.notes().forEach(note -> lines.add("# " + note));
        return lines;
    }

    /** One line of JSON. */
    static String json(Report report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("bench", report.bench()).put("machine", report.machine());
        ArrayNode figures = root.putArray("figures");
        for (Figure figure : report.figures()) {
            figures.addObject()
                    .put("name", figure.name())
                    .put("unit", figure.unit())
                    .put("value", figure.value())
                    .put("low", figure.low())
                    .put("high", figure.high())
                    .put("count", figure.count())
                    .put("goal", figure.goal());
        }
        report.notes().forEach(root.putArray("notes")::add);
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String number(double value) {
        double size = Math.abs(value);
        String form = size >= 1000 ? "%.0f" : size >= 100 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, form, value);
    }
}
