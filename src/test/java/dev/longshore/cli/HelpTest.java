package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

class HelpTest {
    @Test
    void the_help_names_every_command_and_fits_a_terminal() {
        Typed help = Typed.run(Map.of(), "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .contains(
                        "dev", "demo", "serve", "run", "submit", "logs", "ps", "inspect", "cancel",
                        "nodes")
                .contains("cleanup", "doctor", "version", "Exit codes:");
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev",
                "demo",
                "serve",
                "run",
                "submit",
                "logs",
                "ps",
                "inspect",
                "cancel",
                "nodes",
                "cleanup",
                "doctor",
                "version",
                "exec",
                "bench",
                "train",
                "stats",
                "outputs",
                "prefetch",
                "wait",
                "extend",
                "remove",
                "topics",
                "completion",
                "dead-letters"
            })
    void the_help_of_a_command_has_examples(String command) {
        Typed help = Typed.run(Map.of(), command, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .contains("Usage: longshore " + command, "Examples:", "  longshore " + command);
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 110);
        assertThat(help.err()).isEmpty();
    }

    @Test
    void the_completion_is_a_script_that_bash_takes() throws Exception {
        Typed completion = Typed.run(Map.of(), "completion", "zsh");
        assertThat(completion.exitCode()).isZero();
        assertThat(completion.out()).contains("complete -F", "dead-letters", "--watch");
        Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
        try (OutputStream in = bash.getOutputStream()) {
            in.write(completion.out().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(bash.waitFor()).isZero();
    }

    @Test
    void the_version_is_for_people_and_for_programs() {
        assertThat(Typed.run(Map.of(), "version").out()).startsWith("longshore ");
        assertThat(Typed.run(Map.of(), "version", "-o", "json").out())
                .startsWith("{\"version\":\"");
    }
}
