package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class PsWatchTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private PsWatch watch(boolean terminal, boolean json) {
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new PsWatch(
                new Terminal(
                        InputStream.nullInputStream(),
                        print,
                        print,
                        terminal,
                        terminal,
                        Map.of("NO_COLOR", "1")),
                json);
    }

    private static List<ExecutionRow> rows(String... idsAndStates) {
        return Arrays.stream(idsAndStates)
                .map(text -> text.split("=", 2))
                .map(
                        pair ->
                                new ExecutionRow(
                                        ApiClient.JSON
                                                .createObjectNode()
                                                .put("executionId", pair[0])
                                                .put("state", pair[1])))
                .toList();
    }

    private String printed() {
        String text = out.toString(StandardCharsets.UTF_8);
        out.reset();
        return text;
    }

    @Test
    void a_pipe_gets_a_line_for_each_change() {
        PsWatch watch = watch(false, false);
        watch.show(rows("a=running", "b=accepted"));
        assertThat(printed()).isEqualTo("a running\nb accepted\n");
        watch.show(rows("a=running", "b=running"));
        assertThat(printed()).isEqualTo("b running\n");
        watch.show(rows("b=running"));
        assertThat(printed()).isEqualTo("a gone from the list\n");
    }

    @Test
    void programs_get_json_for_each_change() {
        PsWatch watch = watch(false, true);
        watch.show(rows("a=running"));
        watch.show(rows("a=running"));
        watch.show(rows("a=stopping"));
        assertThat(printed().lines())
                .containsExactly(
                        "{\"executionId\":\"a\",\"state\":\"running\"}",
                        "{\"executionId\":\"a\",\"state\":\"stopping\"}");
    }

    @Test
    void a_terminal_gets_the_table_as_it_is_now_and_nothing_that_a_name_does() {
        PsWatch watch = watch(true, false);
        watch.show(rows("a\u001b[2Jx=running"));
        assertThat(printed())
                .startsWith("\u001b[2J\u001b[H1 execution, ")
                .contains("EXECUTION", "a?[2Jx")
                .endsWith("\u001b[J");
        watch.show(rows());
        assertThat(printed()).startsWith("\u001b[H0 executions, ");
    }
}
