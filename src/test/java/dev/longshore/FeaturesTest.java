package dev.longshore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of features cites tests that there are, in every row. */
class FeaturesTest {
    private static final Path TABLE = Path.of("docs", "features.md");

    /** Of fewer, the table was not read. */
    private static final int LEAST_ROWS = 100;

    private static final Pattern CITATION =
            Pattern.compile("`((?:[a-z]+\\.)*)([A-Z][A-Za-z0-9]*(?:Test|IT))(?:#(\\w+))?`");

    /** What may stand in the place of a test, with a reason. */
    private static final Pattern EXCUSE = Pattern.compile("(?:open|left out): .{10,}");

    private record Row(int line, String name, String proof) {}

    @Test
    void every_row_has_a_name_and_a_test_or_says_why_not() throws IOException {
        List<Row> rows = rows();
        assertThat(rows).hasSizeGreaterThan(LEAST_ROWS);
        assertThat(rows).filteredOn(row -> row.name().isEmpty() || !isProof(row.proof())).isEmpty();
    }

    private static boolean isProof(String cell) {
        return CITATION.matcher(cell).lookingAt() || EXCUSE.matcher(cell).matches();
    }

    @Test
    void every_test_that_is_cited_exists() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Row row : rows()) {
            Matcher citation = CITATION.matcher(row.proof());
            while (citation.find()) {
                if (!exists(citation)) {
                    missing.add("line " + row.line() + ": " + citation.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean exists(Matcher citation) {
        String type = "dev.longshore." + citation.group(1) + citation.group(2);
        String method = citation.group(3);
        return ReflectionSupport.tryToLoadClass(type)
                .toOptional()
                .map(found -> tests(found).stream())
                .map(
                        tests ->
                                tests.map(Method::getName)
                                        .anyMatch(name -> method == null || name.equals(method)))
                .orElse(false);
    }

    private static List<Method> tests(Class<?> type) {
        return ReflectionSupport.findMethods(
                type,
                method -> AnnotationSupport.isAnnotated(method, Testable.class),
                HierarchyTraversalMode.TOP_DOWN);
    }

    /** The rows of all tables, without their heads. */
    private static List<Row> rows() throws IOException {
        List<String> lines = Files.readAllLines(TABLE);
        List<Row> rows = new ArrayList<>();
        boolean inTable = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("|---")) {
                inTable = true;
            } else if (!line.startsWith("|")) {
                inTable = false;
            } else if (inTable) {
                String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|", -1);
                rows.add(new Row(i + 1, cells[0].strip(), cells[cells.length - 1].strip()));
            }
        }
        return rows;
    }
}
