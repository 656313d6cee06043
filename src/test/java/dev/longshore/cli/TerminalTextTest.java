package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTextTest {
    private static final String ESC = "\u001b";

    @Test
    void text_colours_and_tabs_stay_as_they_are() {
        assertThat(TerminalText.safe("plain ü 漢 🚢\tend")).isEqualTo("plain ü 漢 🚢\tend");
        assertThat(TerminalText.safe(ESC + "[1;38:5:196mred" + ESC + "[0m" + ESC + "[m"))
                .isEqualTo(ESC + "[1;38:5:196mred" + ESC + "[0m" + ESC + "[m");
        assertThat(TerminalText.safe("\u009b31mred")).isEqualTo(ESC + "[31mred" + ESC + "[0m");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "cursor and screen,ESC[2JaESC[10;10Hb,ab",
        "window title,aESC]0;title\u0007b,ab",
        "clipboard with a string terminator,aESC]52;c;AAAA\u001b\\b,ab",
        "device control,aESCPq#0\u001b\\b,ab",
        "reset of the terminal,aESCcb,ab",
        "character set,aESC(0b,ab",
        "private mode,aESC[?1049hb,ab",
        "a question that the terminal would answer,aESC[6nb,ab",
        "colour with a private prefix,aESC[>4;2mb,ab",
        "an unfinished string takes the rest,aESC]0;never ends,a",
        "an unfinished sequence,aESC[31,a",
        "an escape at the end,aESC,a",
        "eight-bit title,a\u009d0;title\u009cb,ab",
        "bell backspace delete nul,a\u0007\u0008\u007f\u0000b,ab",
        "eight-bit control,a\u0085b,ab"
    })
    void everything_else_is_taken_out(String what, String printed, String shown) {
        assertThat(TerminalText.safe(printed.replace("ESC", ESC))).as(what).isEqualTo(shown);
    }

    @Test
    void a_carriage_return_cannot_overwrite_what_was_shown() {
        assertThat(TerminalText.safe("10%\r20%\r")).isEqualTo("10%\n20%");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 42, 1234})
    void no_control_character_but_colours_survives_any_bytes(int seed) {
        java.util.Random random = new java.util.Random(seed);
        String alphabet = ESC + "[]P;:m0123HJ\u0007\u009b\u009d\u009c\\\r\t\u0000 abc(?>";
        for (int round = 0; round < 2_000; round++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < 30; i++) {
                line.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String left = TerminalText.safe(line.toString()).replaceAll(ESC + "\\[[0-9;:]*m", "");
            assertThat(left)
                    .as("of %s", line)
                    .doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]");
        }
    }
}
