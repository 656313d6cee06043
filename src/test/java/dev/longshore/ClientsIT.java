package dev.longshore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.testing.ClientTools;
import dev.longshore.testing.DevServer;
import dev.longshore.testing.Shell;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs {@code docs/clients.md}: writes every block that has a file's name into that file, runs
 * every block marked {@code sh test}, in its order, against {@code ./longshore dev}, and looks for
 * the lines of the {@code text} block behind it in what was printed ({@code …} stands for
 * anything). Only the ports are others than printed.
 */
class ClientsIT {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "^```(\\w+)(?: (\\S+))?$\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir static Path data;
    private static List<MatchResult> blocks = List.of();
    private static ClientTools tools;
    private static DevServer dev;

    @BeforeAll
    static void start() throws Exception {
        String document = Files.readString(Path.of("docs/clients.md"));
        Matcher matcher = BLOCK.matcher(document);
        blocks = matcher.results().toList();
        tools = ClientTools.install(only("apt"), only("npm"));
        dev = new DevServer(data);
        for (MatchResult block : blocks) {
            if (block.group(2) != null && block.group(2).contains(".")) {
                Files.writeString(
                        tools.folder().resolve(block.group(2)), dev.localised(block.group(3)));
            }
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (dev != null) {
            dev.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> every_example_runs_and_prints_what_the_document_shows() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            MatchResult block = blocks.get(i);
            if ("test".equals(block.group(2))) {
                boolean shown = i + 1 < blocks.size() && blocks.get(i + 1).group(1).equals("text");
                String expected = shown ? blocks.get(i + 1).group(3) : "";
                String script = block.group(3);
                tests.add(
                        DynamicTest.dynamicTest(
                                script.lines().findFirst().orElse(""),
                                () -> run(script, expected)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(9);
        return tests.stream();
    }

    private static void run(String block, String expected) throws Exception {
        String script = "set -eo pipefail; " + tools.environment() + "\n" + dev.localised(block);

        Shell.Outcome outcome = Shell.attended(script);

        assertThat(outcome.exitCode()).as(script + "\n" + outcome.all()).isZero();
        expected.lines()
                .forEach(
                        line ->
                                assertThat(outcome.out())
                                        .as(script + "\n" + outcome.all())
                                        .containsPattern(Pattern.compile(pattern(line))));
    }

    /** A whole line, but for what the document leaves out of it. */
    private static String pattern(String line) {
        return Stream.of(line.split("…", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*", "(?m)^", "$"));
    }

    private static String only(String name) throws IOException {
        return blocks.stream()
                .filter(block -> name.equals(block.group(2)))
                .map(block -> block.group(3).strip())
                .findFirst()
                .orElseThrow(() -> new IOException("docs/clients.md has no block " + name));
    }
}
