package dev.longshore.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class SpellingTest {

    @ParameterizedTest
    @CsvSource({
        "http.prot,http.port",
        "jobs.maxRunning,jobs.max-running",
        "jobs.max_runing,jobs.max-running",
        "port,http.port",
        "docker.hots,docker.host",
        "topic.prefix,topics.prefix",
        "jobs.memory,jobs.defaults.memory"
    })
    void it_finds_what_was_meant(String written, String meant) {
        assertThat(Spelling.nearest(written, Keys.names())).isEqualTo(meant);
    }

    @Test
    void it_says_nothing_where_nothing_is_near() {
        assertThat(Spelling.nearest("colour.of.the.sea", Keys.names())).isNull();
        assertThat(Spelling.nearest("host", List.of("http.host", "docker.host"))).isNull();
    }
}
