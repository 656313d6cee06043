package dev.longshore.app.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

class EngineAddressTest {
    @Test
    void docker_host_says_where_the_engine_is_else_the_default() {
        assertThat(EngineAddress.from(Map.of())).isEqualTo(EngineAddress.DEFAULT);
        assertThat(EngineAddress.from(Map.of("DOCKER_HOST", " "))).isEqualTo(EngineAddress.DEFAULT);
        assertThat(EngineAddress.from(Map.of("DOCKER_HOST", "unix:///run/x.sock")).socketFile())
                .isEqualTo(Path.of("/run/x.sock"));
        assertThat(EngineAddress.from(Map.of("DOCKER_HOST", "tcp://10.0.0.1:2375")).socketFile())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "docker.sock",
                "unix://relative",
                "ssh://host",
                "tcp://host",
                "http://host:1"
            })
    void what_is_no_address_is_refused_with_the_form_it_should_have(String host) {
        assertThatThrownBy(() -> new EngineAddress(host))
                .hasMessageContaining("unix:///path/to/docker.sock");
    }

    @Test
    void a_socket_without_an_engine_does_not_answer(@TempDir Path directory) {
        EngineApi api = new EngineApi(EngineAddress.of(directory.resolve("none.sock")));
        assertThat(api.answers(Duration.ofSeconds(1))).isFalse();
    }

    @Test
    void a_pid_file_of_a_dead_process_or_another_program_is_removed(@TempDir Path directory)
            throws Exception {
        Path dead = Files.writeString(directory.resolve("dead"), "999999999");
        Path other =
                Files.writeString(
                        directory.resolve("other"), String.valueOf(ProcessHandle.current().pid()));
        Path rubbish = Files.writeString(directory.resolve("rubbish"), "../../etc");
        for (Path file : new Path[] {dead, other, rubbish}) {
            assertThat(DockerDaemon.runningPid(file, "dockerd")).isNull();
            DockerDaemon.removeStale(file, "dockerd");
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void the_image_links_every_applet_but_busybox_itself() throws Exception {
        byte[] program = {1, 2, 3};
        byte[] tar = BusyboxImage.tar(program, java.util.List.of("sh", "[", "busybox", "../evil"));
        Map<String, String> links = new TreeMap<>();
        try (TarArchiveInputStream in =
                new TarArchiveInputStream(new java.io.ByteArrayInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry();
                    entry != null;
                    entry = in.getNextEntry()) {
                links.put(entry.getName(), entry.isSymbolicLink() ? entry.getLinkName() : "");
                if (entry.getName().equals("bin/busybox")) {
                    assertThat(in.readAllBytes()).isEqualTo(program);
                    assertThat(entry.getMode() & 0777).isEqualTo(0755);
                }
            }
        }
        assertThat(links)
                .containsEntry("bin/sh", "busybox")
                .containsEntry("bin/[", "busybox")
                .containsEntry("bin/busybox", "")
                .containsEntry("tmp/", "")
                .doesNotContainKey("bin/../evil");
    }
}
