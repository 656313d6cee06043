package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class GroupFileTest {
    @TempDir Path folder;

    @Test
    void tells_a_groups_number() throws IOException {
        Path file = folder.resolve("group");
        Files.writeString(file, "root:x:0:\nvideo:x:44:ann,bob\nrender:x:nonsense:\nbroken\n");
        GroupFile groups = GroupFile.read(file);
        assertThat(groups.number("video")).isEqualTo(44);
        assertThat(groups.number("render")).isNull();
        assertThat(groups.number("broken")).isNull();
        assertThat(groups.number("none")).isNull();
    }

    @Test
    void a_file_that_is_not_there_has_no_groups() {
        assertThat(GroupFile.read(folder.resolve("none")).number("video")).isNull();
    }
}
