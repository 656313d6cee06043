package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.app.dev.Check;
import dev.longshore.app.dev.Doctor;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class DoctorCommandTest {
    private static final Check WELL = new Check("java", Check.Level.OK, "25", "");
    private static final Check ILL =
            new Check("engine", Check.Level.FAIL, "no answer", "start dockerd\nor install it");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private int report(Check check, String... words) throws InterruptedException {
        PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);
        Terminal terminal =
                new Terminal(InputStream.nullInputStream(), stream, stream, false, false, Map.of());
        DoctorCommand command = new DoctorCommand(terminal);
        new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(words);
        return command.report(new Doctor(List.of(() -> List.of(WELL), () -> List.of(check))));
    }

    @Test
    void a_failure_is_told_with_what_to_do_and_ends_with_1() throws InterruptedException {
        assertThat(report(ILL)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "ok    java        25",
                        "fail  engine      no answer",
                        "                  start dockerd",
                        "                  or install it");
    }

    @Test
    void a_program_gets_one_json_object() throws InterruptedException {
        assertThat(report(WELL, "-o", "json")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("{\"ok\":true,\"checks\":[{\"name\":\"java\",\"level\":\"ok\"")
                .endsWith("}\n");
    }
}
