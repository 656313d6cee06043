package dev.longshore.app.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.app.dev.Check.Level;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class DoctorTest {
    @Test
    void the_machine_is_well_as_long_as_nothing_fails() throws InterruptedException {
        List<Check> findings = new ArrayList<>();
        Doctor doctor =
                new Doctor(
                        List.of(
                                () -> List.of(Check.ok("java", "25")),
                                () -> List.of(Check.warn("image", "missing", "docker pull"))));
        assertThat(doctor.examine(findings::add)).isTrue();
        assertThat(findings).extracting(Check::name).containsExactly("java", "image");
    }

    @Test
    void a_failure_says_what_to_do_and_the_rest_is_looked_at_all_the_same()
            throws InterruptedException {
        List<Check> findings = new ArrayList<>();
        Doctor doctor =
                new Doctor(
                        List.of(
                                () -> List.of(Check.fail("engine", "no answer", "start dockerd")),
                                () -> {
                                    throw new IOException("unreadable");
                                },
                                () -> List.of(Check.ok("disk", "plenty"))));
        assertThat(doctor.examine(findings::add)).isFalse();
        assertThat(findings)
                .extracting(Check::level)
                .containsExactly(Level.FAIL, Level.FAIL, Level.OK);
        assertThat(findings.getFirst().remedy()).isEqualTo("start dockerd");
        assertThat(findings.get(1).detail()).contains("unreadable");
    }

    @Test
    void an_engine_is_judged_by_its_api_storage_and_network() {
        EngineFacts old =
                new EngineFacts(
                        "19.03.1", "1.40", "vfs", "1", "/var/lib/docker", 2, 1L << 30, false);
        assertThat(MachineProbes.judge(old, EngineAddress.DEFAULT))
                .filteredOn(check -> check.level() != Level.OK)
                .extracting(Check::name)
                .containsExactly("engine-api", "storage", "network");
        EngineFacts fine =
                new EngineFacts(
                        "28.2.2", "1.50", "overlay2", "2", "/var/lib/docker", 2, 1L << 30, true);
        assertThat(MachineProbes.judge(fine, EngineAddress.DEFAULT))
                .allMatch(check -> check.level() == Level.OK);
        assertThat(fine.speaks(1, 41)).isTrue();
        assertThat(fine.speaks(2, 0)).isFalse();
    }

    @Test
    void a_disk_that_is_nearly_full_fails_and_a_small_one_warns() {
        Path here = Path.of("/data");
        assertThat(MachineProbes.judgeDisk(here, 100L << 20).level()).isEqualTo(Level.FAIL);
        assertThat(MachineProbes.judgeDisk(here, 3L << 30).level()).isEqualTo(Level.WARN);
        assertThat(MachineProbes.judgeDisk(here, 50L << 30).detail())
                .isEqualTo("50.0 GiB free at /data");
    }

    @Test
    void a_port_in_use_is_told_with_the_way_around() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Check check = MachineProbes.port("port", taken.getLocalPort(), "--http-port");
            assertThat(check.level()).isEqualTo(Level.WARN);
            assertThat(check.remedy()).contains("--http-port 0");
        }
    }
}
