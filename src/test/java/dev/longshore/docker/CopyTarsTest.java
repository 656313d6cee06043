package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;

class CopyTarsTest {
    private static CopyEntry file(String path) {
        return CopyEntry.file(path, new byte[] {1, 2, 3}, 0640, 1000, 3_000_000);
    }

    @Test
    void each_entry_goes_into_the_innermost_mount_that_holds_it() throws IOException {
        Map<String, byte[]> tars =
                CopyTars.of(
                        List.of(
                                CopyEntry.directory("/out", 01777),
                                file("/out/deep/a"),
                                file("/out2/b"),
                                CopyEntry.directory("/srv/x", 0700),
                                file("/out/a/b")),
                        List.of("/out", "/out/deep", "/srv"));
        assertThat(tars).containsOnlyKeys("/out", "/out/deep", "/", "/srv");
        assertThat(TarText.headers(tars.get("/out")))
                .containsExactly("d / 1777 0:0 0", "- a/b 640 1000:3000000 3");
        assertThat(TarText.headers(tars.get("/out/deep")))
                .containsExactly("- a 640 1000:3000000 3");
        assertThat(TarText.headers(tars.get("/"))).containsExactly("- out2/b 640 1000:3000000 3");
        assertThat(TarText.headers(tars.get("/srv"))).containsExactly("d x/ 700 0:0 0");
    }

    @Test
    void a_name_of_any_length_and_script_is_kept() throws IOException {
        String name = "\u00e9\u6f22".repeat(80);
        byte[] tar = CopyTars.of(List.of(file("/" + name)), List.of()).get("/");
        assertThat(TarText.headers(tar)).singleElement().asString().startsWith("- " + name + " ");
    }

    @Test
    void a_file_is_told_by_its_content_and_says_nothing_of_it() {
        assertThat(file("/a")).isEqualTo(file("/a")).hasSameHashCodeAs(file("/a"));
        assertThat(file("/a").toString()).contains("/a", "3 bytes").doesNotContain("[1");
        assertThatThrownBy(() -> CopyEntry.file("/", new byte[0], 0644, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CopyEntry.directory("/a", 010000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mode");
    }
}
