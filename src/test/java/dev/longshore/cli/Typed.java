package dev.longshore.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A command line as it was typed, and what came of it.
 *
 * @param exitCode the exit code
 * @param out standard output
 * @param err standard error
 */
record Typed(int exitCode, String out, String err) {
    static Typed run(Map<String, String> environment, String... words) {
        return typing(environment, "", words);
    }

    static Typed typing(Map<String, String> environment, String input, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, false, StandardCharsets.UTF_8),
                        false,
                        false,
                        environment);
        int exitCode = Main.run(terminal, words);
        terminal.out().flush();
        terminal.err().flush();
        return new Typed(
                exitCode,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }
}
