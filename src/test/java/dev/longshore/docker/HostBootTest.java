package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

class HostBootTest {
    @TempDir Path directory;

    @Test
    void reads_the_kernels_line() throws IOException {
        Path stat = directory.resolve("stat");
        Files.writeString(stat, "cpu  1 2 3\nbtime 1700000000\nprocesses 5\n");
        assertThat(HostBoot.read(stat)).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
    }

    @Test
    void knows_nothing_where_the_kernel_says_nothing() throws IOException {
        Path stat = directory.resolve("stat");
        assertThat(HostBoot.read(stat)).isNull();
        Files.writeString(stat, "cpu  1 2 3\n");
        assertThat(HostBoot.read(stat)).isNull();
    }
}
