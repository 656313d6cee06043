package dev.longshore.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    private static final String HEX =
            "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "busybox",
                "busybox:local",
                "library/busybox:1.36",
                "a/b/c",
                "ghcr.io/team/app:v1_2.3-x",
                "localhost/a",
                "localhost:5000/a",
                "127.0.0.1:5000/a:b",
                "[::1]:5000/a",
                "REG.example.com/a",
                "a__b/c--d.e",
                "a:_x",
                "busybox@sha256:" + HEX,
                "reg.io:443/a/b:t@sha256:" + HEX
            })
    void these_are_references(String reference) {
        assertThat(ImageReference.fault(reference)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "/",
                "a/",
                "/a",
                "a//b",
                "A",
                "a/B",
                "a:",
                "a: b",
                "a:-x",
                "a b",
                "a\n",
                "-a",
                "a-",
                "a..b",
                "a___b",
                "a@",
                "a@sha256:",
                "a@sha256:" + HEX + "0",
                "a@sha512:" + HEX,
                "a@sha256:" + HEX + "@sha256:" + HEX,
                HEX,
                "reg.io:99999/a",
                "reg.io:x/a",
                "reg..io/a",
                "-reg.io/a",
                "reg.io/",
                "http://reg.io/a",
                "a\u0000",
                "\u0430"
            })
    void these_are_not(String reference) {
        assertThat(ImageReference.fault(reference)).isNotNull();
    }

    @Test
    void names_have_a_greatest_length_once_normalised() {
        int room = 255 - "docker.io/library/".length();

        assertThat(ImageReference.fault("a".repeat(room))).isNull();
        assertThat(ImageReference.fault("a".repeat(room + 1))).contains("255");
        assertThat(ImageReference.fault("a".repeat(5000))).isNotNull();
        assertThat(ImageReference.fault("a:" + "t".repeat(128))).isNull();
        assertThat(ImageReference.fault("a:" + "t".repeat(129))).isNotNull();
    }
}
