package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageReferenceTest {
    @ParameterizedTest
    @CsvSource({
        "busybox, busybox, latest",
        "busybox:1.36, busybox, 1.36",
        "host:5000/a/b, host:5000/a/b, latest",
        "host:5000/a/b:2, host:5000/a/b, 2",
        "a/b@sha256:abc, a/b, sha256:abc",
        "a/b:1@sha256:abc, a/b:1, sha256:abc",
    })
    void a_reference_names_one_tag_or_digest(String reference, String repository, String tag) {
        assertThat(ImageReference.parse(reference)).isEqualTo(new ImageReference(repository, tag));
    }

    @Test
    void the_registry_is_the_first_part_that_can_be_a_host() {
        assertThat(ImageReference.parse("busybox:1").registry()).isEqualTo("docker.io");
        assertThat(ImageReference.parse("team/app").registry()).isEqualTo("docker.io");
        assertThat(ImageReference.parse("index.docker.io/a/b").registry()).isEqualTo("docker.io");
        assertThat(ImageReference.parse("localhost/a").registry()).isEqualTo("localhost");
        assertThat(ImageReference.parse("r.example:5000/a@sha256:00").registry())
                .isEqualTo("r.example:5000");
    }
}
