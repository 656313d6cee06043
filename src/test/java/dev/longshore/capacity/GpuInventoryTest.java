package dev.longshore.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.longshore.job.Gpu;
import dev.longshore.job.GpuVendor;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class GpuInventoryTest {
    private static final long MIB = 1L << 20;

    @TempDir private Path root;
    private final List<List<String>> asked = new ArrayList<>();

    @Test
    void eight_nvidia_gpus_are_told_by_their_tool_and_have_their_render_nodes() {
        GpuInventory.Found found = look("nvidia-8xh200");

        assertThat(found.notes()).isEmpty();
        assertThat(found.gpus()).hasSize(8).allMatch(Gpu::healthy);
        assertThat(found.gpus())
                .extracting(Gpu::pciAddress)
                .startsWith("0000:19:00.0", "0000:3b:00.0")
                .endsWith("0000:db:00.0");
        assertThat(found.gpus().get(1))
                .isEqualTo(
                        new Gpu(
                                GpuVendor.NVIDIA,
                                "GPU-00000000-0000-4000-8000-000000000001",
                                "NVIDIA H200",
                                143_771 * MIB,
                                "0000:3b:00.0",
                                "/dev/dri/renderD129",
                                true));
    }

    @Test
    void amd_gpus_are_told_by_the_kernel_without_any_tool() {
        GpuInventory.Found found = look("amd-mi300");

        assertThat(found.notes()).isEmpty();
        assertThat(found.gpus()).hasSize(8).allMatch(Gpu::healthy);
        assertThat(found.gpus().getFirst())
                .isEqualTo(
                        new Gpu(
                                GpuVendor.AMD,
                                "0000:05:00.0",
                                "AMD 0x74a1",
                                206_141_652_992L,
                                "0000:05:00.0",
                                "/dev/dri/renderD128",
                                true));
    }

    @Test
    void intel_gpus_count_even_where_their_memory_is_not_known() {
        GpuInventory.Found found = look("intel-arc");

        assertThat(found.notes()).isEmpty();
        assertThat(found.gpus())
                .extracting(Gpu::model)
                .containsExactly("Intel UHD Graphics 770", "Intel Arc A770");
        assertThat(found.gpus()).allMatch(gpu -> gpu.healthy() && gpu.memoryBytes() == 0);
    }

    @Test
    void gpus_of_three_makers_stand_side_by_side() {
        GpuInventory.Found found = look("mixed");

        assertThat(found.notes()).isEmpty();
        assertThat(found.gpus())
                .extracting(Gpu::model)
                .containsExactly(
                        "NVIDIA GeForce RTX 4090", "AMD Radeon RX 7900 XTX", "Intel 0x4680");
        assertThat(found.gpus())
                .extracting(Gpu::renderNode)
                .containsExactly(
                        "/dev/dri/renderD128", "/dev/dri/renderD129", "/dev/dri/renderD130");
    }

    @Test
    void a_host_without_gpus_has_none_and_nothing_to_note() {
        assertThat(look("none")).isEqualTo(new GpuInventory.Found(List.of(), List.of()));
        assertThat(asked)
                .singleElement()
                .satisfies(tool -> assertThat(tool).contains("nvidia-smi"));
    }

    @Test
    void what_is_broken_is_listed_and_never_healthy() {
        GpuInventory.Found found = look("broken");

        assertThat(found.gpus())
                .extracting(Gpu::id, Gpu::healthy)
                .containsExactly(
                        tuple("GPU-aaaaaaaa-0000-4000-8000-000000000000", true),
                        tuple("GPU-aaaaaaaa-0000-4000-8000-000000000001", false),
                        tuple("0000:4c:00.0", false),
                        tuple("GPU-aaaaaaaa-0000-4000-8000-000000000003", false),
                        tuple("0000:9b:00.0", false),
                        tuple("0000:a6:00.0", false),
                        tuple("0000:00:02.0", false));
        assertThat(String.join("\n", found.notes()))
                .contains("Unable to determine the device handle")
                .contains("nvidia-smi ended with 14")
                .contains("ERR!")
                .contains("[Unknown Error]")
                .contains("MIG")
                .contains("0000:9b:00.0 is not given out: nvidia-smi does not name it")
                .contains("there is no /dev/kfd")
                .contains("AMD 0x74a1 at 0000:c6:00.0 has no driver")
                .contains("its render node is not below /dev/dri")
                .contains("mem_info_vram_total holds no number");
    }

    @Test
    void a_tool_that_hangs_leaves_every_gpu_of_its_maker_unhealthy() {
        plant("nvidia-8xh200");
        Probe hanging = (command, deadline) -> new Probe.Answer(Probe.Answer.LATE, "");

        GpuInventory.Found found = new GpuInventory(root, hanging).read();

        assertThat(found.gpus()).hasSize(8).noneMatch(Gpu::healthy);
        assertThat(found.notes()).contains("nvidia-smi did not answer within 20 s");
    }

    @Test
    void without_its_tool_no_gpu_of_nvidia_is_there_but_it_is_noted() {
        plant("nvidia-8xh200");
        Probe absent = (command, deadline) -> new Probe.Answer(Probe.Answer.ABSENT, "");

        GpuInventory.Found found = new GpuInventory(root, absent).read();

        assertThat(found.gpus()).isEmpty();
        assertThat(found.notes())
                .singleElement()
                .satisfies(note -> assertThat(note).contains("8 NVIDIA GPUs are not used"));
    }

    @Test
    void never_throws_whatever_a_tool_does_or_prints() {
        plant("amd-mi300");
        Probe failing =
                (command, deadline) -> {
                    throw new IllegalStateException("worn out");
                };
        List<Probe> odd =
                List.of(
                        failing,
                        (command, deadline) -> new Probe.Answer(0, ",,,,,\n\u0000,1,2,3,4,5\n"),
                        (command, deadline) ->
                                new Probe.Answer(0, "0, u, n, 99999999999999999, x, -\n".repeat(3)),
                        (command, deadline) -> new Probe.Answer(9, "NVIDIA-SMI has failed\n"));

        for (Probe probe : odd) {
            GpuInventory.Found found = new GpuInventory(root, probe).read();
            assertThat(found.notes()).isNotEmpty();
            assertThat(found.gpus()).filteredOn(gpu -> gpu.vendor() == GpuVendor.AMD).hasSize(8);
        }
    }

    @Test
    void pci_addresses_have_one_form() {
        assertThat(PciAddress.normalised("00000000:65:00.0")).isEqualTo("0000:65:00.0");
        assertThat(PciAddress.normalised("0000:C6:00.1\n")).isEqualTo("0000:c6:00.1");
        assertThat(PciAddress.normalised("65:00.0")).isEqualTo("0000:65:00.0");
        assertThat(PciAddress.normalised("00010000:65:00.0")).isEqualTo("10000:65:00.0");
        assertThat(PciAddress.normalised("[N/A]")).isNull();
        assertThat(PciAddress.normalised(null)).isNull();
    }

    @Test
    void the_probe_of_this_host_tells_exit_code_and_output() {
        HostProbe probe = new HostProbe();
        Duration ample = Duration.ofSeconds(20);

        assertThat(probe.run(List.of("sh", "-c", "echo out; echo err >&2; exit 3"), ample))
                .isEqualTo(new Probe.Answer(3, "out\nerr\n"));
        assertThat(probe.run(List.of("no-such-tool-anywhere"), ample).exitCode())
                .isEqualTo(Probe.Answer.ABSENT);
        assertThat(probe.run(List.of("sleep", "600"), Duration.ofMillis(50)).exitCode())
                .isEqualTo(Probe.Answer.LATE);
    }

    /** Looks at the host that is described in this folder of the test resources. */
    private GpuInventory.Found look(String host) {
        plant(host);
        String smi = text(host + "/nvidia-smi.txt");
        Probe probe =
                (command, deadline) -> {
                    asked.add(command);
                    if (smi == null) {
                        return new Probe.Answer(Probe.Answer.ABSENT, "not there");
                    }
                    String[] exitAndOutput = smi.split("\n", 2);
                    int exitCode = Integer.parseInt(exitAndOutput[0].substring("exit ".length()));
                    return new Probe.Answer(exitCode, exitAndOutput[1]);
                };
        return new GpuInventory(root, probe).read();
    }

    private void plant(String host) {
        String text = Objects.requireNonNull(text(host + "/host.txt"), host);
        for (String line : text.lines().filter(line -> line.startsWith("/")).toList()) {
            String[] pathAndContent = line.split(" =", 2);
            Path file = root.resolve(pathAndContent[0].substring(1));
            String content = pathAndContent[1].strip().replace("\\n", "\n").replace("\\t", "\t");
            try {
                Files.createDirectories(file.getParent());
                Files.writeString(file, content + "\n");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static @Nullable String text(String resource) {
        try (InputStream in = GpuInventoryTest.class.getResourceAsStream("/gpus/" + resource)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
