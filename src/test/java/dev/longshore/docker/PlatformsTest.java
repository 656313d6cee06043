package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformsTest {
    @ParameterizedTest(name = "{0} wanted, {1} there: {2}")
    @CsvSource({
        "linux/amd64, linux/amd64, true",
        "linux/x86_64, linux/amd64, true",
        "linux/amd64, linux/amd64/v3, true",
        "linux/amd64/v3, linux/amd64, false",
        "linux/arm64, linux/arm64/v8, true",
        "linux/arm64/v8, linux/arm64, true",
        "linux/aarch64, linux/arm64, true",
        "linux/arm/v7, linux/arm, true",
        "linux/arm/v6, linux/arm/v7, false",
        "linux/arm, linux/arm/v6, true",
        "linux/amd64, linux/arm64, false",
        "linux/amd64, windows/amd64, false"
    })
    void a_platform_is_told_from_others(String wanted, String there, boolean fits) {
        assertThat(Platforms.fits(wanted, there)).isEqualTo(fits);
    }

    @Test
    void an_engine_that_says_nothing_of_it_is_believed_to_have_what_is_wanted() {
        assertThat(Platforms.of(new JsonObject())).isNull();
        assertThat(Platforms.of(new JsonObject().put("Os", "linux").put("Architecture", "amd64")))
                .isEqualTo("linux/amd64");
    }
}
