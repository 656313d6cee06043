package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ApiVersionTest {
    private static String agreed(String oldest, String newest) {
        return ApiVersion.agreed(
                        ApiVersion.parse(oldest),
                        ApiVersion.parse(newest),
                        ApiVersion.parse("1.44"))
                .toString();
    }

    @Test
    void the_newest_that_both_know_is_spoken() {
        assertThat(agreed("1.12", "1.41")).isEqualTo("1.41");
        assertThat(agreed("1.24", "1.44")).isEqualTo("1.44");
        assertThat(agreed("1.44", "1.52")).isEqualTo("1.44");
    }

    @Test
    void versions_are_numbers_not_text() {
        assertThat(ApiVersion.parse("1.100")).isGreaterThan(ApiVersion.parse("1.44"));
    }

    @Test
    void an_engine_that_is_too_old_or_too_new_is_refused_in_words() {
        assertThatThrownBy(() -> agreed("1.12", "1.40"))
                .isInstanceOf(DockerFailure.Refused.class)
                .hasMessageContaining("1.40")
                .hasMessageContaining("1.41");
        assertThatThrownBy(() -> agreed("1.48", "1.60")).isInstanceOf(DockerFailure.Refused.class);
    }
}
