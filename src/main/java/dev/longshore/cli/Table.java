package dev.longshore.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of text with aligned columns, two spaces apart; the last column is as wide as it likes.
 * Not thread-safe.
 */
final class Table {
    private static final String BOLD = "\u001b[1m";
    private static final String RESET = "\u001b[0m";

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean colours;

    Table(boolean colours, String... headings) {
        this.colours = colours;
        rows.add(List.of(headings));
    }

    /** Adds a row with a cell for each heading. */
    void row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException("a row has " + rows.getFirst().size() + " cells");
        }
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            // Whatever a producer put into a name must not break the table or the terminal.
            row.add(cell.replaceAll("[\\p{Cntrl}]", "?"));
        }
        rows.add(row);
    }

    /** The lines, headings first, without trailing blanks. */
    List<String> lines() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i));
                if (i < columns - 1) {
                    line.repeat(' ', widths[i] - width(row.get(i)) + 2);
                }
            }
            String text = line.toString().stripTrailing();
            lines.add(colours && lines.isEmpty() ? BOLD + text + RESET : text);
        }
        return lines;
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
