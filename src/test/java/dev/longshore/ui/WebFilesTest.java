package dev.longshore.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the web page, as they are. */
class WebFilesTest {
    private static final Path WEB = Path.of("src", "main", "resources", "web");
    private static final Pattern LISTED = Pattern.compile("\\| `([^`]+)` \\|.*`([0-9a-f]{64})`");
    private static final int MOST_LINES = 300;

    /** What would make markup or code of a text. */
    private static final Pattern DANGER =
            Pattern.compile(
                    "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\b|new"
                            + " Function|createContextualFragment|DOMParser|setHTML");

    @Test
    void what_comes_from_others_is_listed_with_its_checksum_and_unchanged() throws Exception {
        Map<String, String> listed = new TreeMap<>();
        Matcher row = LISTED.matcher(Files.readString(WEB.resolve("vendor/README.md")));
        while (row.find()) {
            listed.put(row.group(1), row.group(2));
        }
        Map<String, String> found = new TreeMap<>();
        for (Path file : files(WEB.resolve("vendor"))) {
            if (!file.endsWith("README.md")) {
                byte[] digest =
                        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                found.put(String.valueOf(file.getFileName()), HexFormat.of().formatHex(digest));
            }
        }
        assertThat(found).isNotEmpty().isEqualTo(listed);
    }

    @Test
    void our_scripts_make_neither_markup_nor_code_of_a_text() throws IOException {
        List<String> found = new ArrayList<>();
        List<Path> ours = files(WEB.resolve("js"));
        for (Path file : ours) {
            Matcher danger = DANGER.matcher(Files.readString(file));
            while (danger.find()) {
                found.add(file + ": " + danger.group());
            }
        }
        assertThat(ours).isNotEmpty();
        assertThat(found).isEmpty();
    }

    @Test
    void our_files_are_short_and_name_no_other_place() throws IOException {
        for (Path file :
                Stream.of("js", "css")
                        .flatMap(each -> files(WEB.resolve(each)).stream())
                        .toList()) {
            List<String> lines = Files.readAllLines(file);
            assertThat(lines).as(String.valueOf(file)).hasSizeLessThanOrEqualTo(MOST_LINES);
            assertThat(lines).as(String.valueOf(file)).noneMatch(line -> line.contains("://"));
        }
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
