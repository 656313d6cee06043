package dev.longshore;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs the README: every block marked {@code sh test}, in its order, against the {@code dev} of the
 * block marked {@code sh background}. Only the ports are others than printed, as 8080 and 9092 may
 * be taken.
 */
class ReadmeIT {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "^```sh (test|background)$(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir static Path data;
    private static DevServer dev;

    @BeforeAll
    static void start_dev_and_get_kcat() throws Exception {
        Shell.Outcome kcat =
                Shell.run(
                        "command -v kcat || (apt-get update -qq; apt-get install -y -qq kcat) || {"
                            + " echo 'the README needs kcat: please install it' >&2; exit 1; }");
        assertThat(kcat.exitCode()).as(kcat.all()).isZero();
        assertThat(blocks("background")).containsExactly("./longshore dev");
        dev = new DevServer(data);
    }

    @AfterAll
    static void stop_dev() throws InterruptedException {
        if (dev != null) {
            dev.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> every_block_runs() throws IOException {
        List<String> blocks = blocks("test");
        assertThat(blocks).hasSizeGreaterThan(5);
        return blocks.stream()
                .map(
                        block ->
                                DynamicTest.dynamicTest(
                                        block.lines().findFirst().orElse(""), () -> run(block)));
    }

    private static void run(String block) throws Exception {
        String script =
                dev.localised(block)
                        .replace(
                                "demo --exit",
                                "demo --exit --data-dir '" + data.resolve("demo") + "'");

        Shell.Outcome outcome =
                Shell.run(
                        "set -eo pipefail; export LONGSHORE_URL=http://"
                                + dev.http()
                                + "\n"
                                + script);

        assertThat(outcome.exitCode()).as(script + "\n" + outcome.all()).isZero();
        expected(block)
                .forEach(
                        text ->
                                assertThat(outcome.out())
                                        .as(script + "\n" + outcome.all())
                                        .contains(text));
    }

    /** What a reader is told to see. */
    private static List<String> expected(String block) {
        List<String> texts = new ArrayList<>();
        if (block.contains("demo --exit")) {
            texts.add("succeeded");
        }
        if (block.contains("logs?follow=true")) {
            texts.add("tick 1\ntick 2\ntick 3\n");
        }
        if (block.contains("longshore.results")) {
            texts.addAll(List.of("hello-1 tick 3", "\"succeeded\"", "\"running\""));
        }
        if (block.contains("long-1/result")) {
            texts.addAll(List.of("\"cancelled\"", "enough"));
        }
        if (block.contains("longshore run")) {
            texts.addAll(List.of("out", "succeeded"));
        }
        if (block.contains("dead-letters")) {
            texts.addAll(List.of("UNKNOWN_FIELD", "memroy"));
        }
        return texts;
    }

    private static List<String> blocks(String kind) throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("README.md")))
                .results()
                .filter(block -> block.group(1).equals(kind))
                .map(block -> block.group(2).strip())
                .toList();
    }
}
