package dev.longshore.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

@DisplayName("Durations, sizes, signals and quotes")
class AmountsTest {
    @ParameterizedTest
    @CsvSource({
        "10s,PT10S",
        "5m,PT5M",
        "1h,PT1H",
        "1h30m,PT1H30M",
        "500ms,PT0.5S",
        "1m500ms,PT1M0.5S",
        "90m,PT1H30M",
        "1ms,PT0.001S",
        "PT1H30M,PT1H30M",
        "P1D,PT24H",
        "P366D,PT8784H",
        "8784h,PT8784H",
        "PT0.25S,PT0.25S"
    })
    void these_are_durations(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0s",
                "0ms",
                "-1s",
                "1",
                "s",
                "1S",
                "1d",
                "1.5s",
                " 1s",
                "1s ",
                "1s1m",
                "1h1h",
                "PT",
                "P",
                "PT0S",
                "-PT1S",
                "PT-1S",
                "P367D",
                "8785h",
                "999999999999999999h",
                "9223372036854775807s",
                "PT9223372036854775808S",
                "١s"
            })
    void these_are_not(String text) {
        assertThat(Durations.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "67108864,67108864",
        "67108864B,67108864",
        "64MiB,67108864",
        "64 MiB,67108864",
        "1KiB,1024",
        "1GiB,1073741824",
        "1KB,1000",
        "1MB,1000000",
        "1.5GB,1500000000",
        "0.0001KiB,0",
        "9223372036854775807,9223372036854775807"
    })
    void these_are_sizes(String text, long bytes) {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "B",
                "1g",
                "1G",
                "1gib",
                "1TiB",
                "-1",
                "+1",
                "1e3",
                ".5GiB",
                "1.GiB",
                "1  MiB",
                "9223372036854775808"
            })
    void these_are_no_sizes(String text) {
        assertThat(Sizes.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "SIGTERM,SIGTERM",
        "TERM,SIGTERM",
        "term,SIGTERM",
        "15,SIGTERM",
        "9,SIGKILL",
        "1,SIGHUP",
        "10,SIGUSR1",
        "17,SIGCHLD",
        "31,SIGSYS",
        "34,SIGRTMIN",
        "37,SIGRTMIN+3",
        "49,SIGRTMIN+15",
        "50,SIGRTMAX-14",
        "64,SIGRTMAX",
        "SIGRTMIN+3,SIGRTMIN+3"
    })
    void these_are_signals(String text, String name) {
        assertThat(Signals.name(text)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SIG",
                "0",
                "32",
                "65",
                "-1",
                "SIGFOO",
                "TERM\n",
                "RTMIN+16",
                "SIGSIGTERM"
            })
    void these_are_no_signals(String text) {
        assertThat(Signals.name(text)).isNull();
    }

    @Test
    void quotes_are_short_and_escaped() {
        assertThat(Quote.of("a\n\u0007\u009b\u202e\uFEFF\ud83d\ude00\ud800"))
                .isEqualTo("\"a\\n\\u0007\\u009b\\u202e\\ufeff\ud83d\ude00\\ud800\"");
        assertThat(Quote.of("x".repeat(100))).hasSize(Quote.MOST + 3).endsWith("…\"");
        assertThat(Quote.pointer("/a", "b/~\n")).isEqualTo("/a/b~1~0\\n");
    }
}
