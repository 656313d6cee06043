package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;

class TableTest {
    @Test
    void columns_are_aligned_and_lines_have_no_blanks_at_their_ends() {
        Table table = new Table(false, "ID", "STATE", "IMAGE");
        table.row("a", "running", "busybox");
        table.row("longer-id", "ok", "");
        assertThat(table.lines())
                .containsExactly(
                        "ID         STATE    IMAGE", //
                        "a          running  busybox",
                        "longer-id  ok");
    }

    @Test
    void only_the_headings_are_coloured_and_only_where_wanted() {
        Table table = new Table(true, "ID");
        table.row("a");
        assertThat(table.lines()).containsExactly("\u001b[1mID\u001b[0m", "a");
    }

    @Test
    void a_cell_cannot_break_the_table() {
        Table table = new Table(false, "ID", "IMAGE");
        table.row("a\n\u001b[2J", "x");
        assertThat(table.lines().get(1)).isEqualTo("a??[2J  x");
        assertThatThrownBy(() -> table.row("one")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.04S,0.0s",
        "PT0.96S,0.9s",
        "PT9.99S,9.9s",
        "PT42.7S,42s",
        "PT3M5S,3m 5s",
        "PT2H,2h",
        "PT2H4M9S,2h 4m",
        "P3DT1H,3d 1h",
        "-PT1S,0s"
    })
    void a_length_of_time_is_told_in_its_largest_units(Duration length, String text) {
        assertThat(Times.length(length)).isEqualTo(text);
    }

    @Test
    void an_age_is_relative_and_an_unknown_one_a_dash() {
        Instant now = Instant.parse("2026-01-01T00:01:00Z");
        assertThat(Times.ago(Instant.parse("2026-01-01T00:00:55.500Z"), now)).isEqualTo("4s ago");
        assertThat(Times.ago(Instant.parse("2025-12-31T23:00:00Z"), now)).isEqualTo("1h 1m ago");
        assertThat(Times.ago(null, now)).isEqualTo("-");
        assertThat(Times.parse("never")).isNull();
    }
}
