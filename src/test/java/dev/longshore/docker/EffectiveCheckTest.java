package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.core.DockerClientConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

class EffectiveCheckTest {
    private static HostConfig config() {
        return HostConfigs.of(
                ContainerSpecsTest.spec(
                        ContainerSpecsTest.demanding("a"), ContainerSpecsTest.GRANT),
                HostFacts.NONE);
    }

    private static HostConfig mounted(Mount... mounts) {
        return HostConfigs.of(
                HostRequestsTest.spec(dev.longshore.job.Privileges.NONE, mounts), HostFacts.NONE);
    }

    static Stream<Arguments> otherMounts() {
        return Stream.of(
                Arguments.of(List.of()),
                Arguments.of(List.of(new Mount.Bind("/a", "/b", false))),
                Arguments.of(List.of(new Mount.Bind("/other", "/b", true))),
                Arguments.of(List.of(new Mount.Bind("/a", "/other", true))),
                Arguments.of(List.of(new Mount.Volume("a", "/b", true))),
                Arguments.of(List.of(new Mount.Scratch("/b", Map.of()))));
    }

    @ParameterizedTest
    @MethodSource("otherMounts")
    void another_mount_in_the_place_of_one_is_named(List<Mount> others) {
        HostConfig asked = mounted(new Mount.Bind("/a", "/b", true));
        assertThat(EffectiveCheck.differences(asked, asked)).isEmpty();
        assertThat(EffectiveCheck.differences(asked, mounted(others.toArray(Mount[]::new))))
                .singleElement()
                .asString()
                .startsWith("mounts is ")
                .endsWith("not [BIND /a at /b read-only R_PRIVATE]");
    }

    @Test
    void what_an_engine_adds_for_a_program_that_sees_its_host_is_no_difference() {
        HostConfig asked =
                HostConfigs.of(HostRequestsTest.spec(HostRequestsTest.ALL), HostFacts.NONE);
        HostConfig held =
                HostConfigs.of(HostRequestsTest.spec(HostRequestsTest.ALL), HostFacts.NONE);
        held.withSecurityOpts(
                Stream.concat(held.getSecurityOpts().stream(), Stream.of("label=disable"))
                        .toList());
        assertThat(EffectiveCheck.differences(asked, held)).isEmpty();
        held.withRuntime("runc");
        assertThat(EffectiveCheck.differences(asked, held))
                .containsExactly("runtime is \"runc\", not \"runsc\"");
        assertThat(EffectiveCheck.differences(config(), config().withRuntime("runc"))).isEmpty();
    }

    private static Arguments change(String setting, Consumer<HostConfig> change) {
        return Arguments.of(setting, change);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change("capDrop", host -> host.withCapDrop()),
                change("capAdd", host -> host.withCapAdd(Capability.SYS_ADMIN)),
                change("securityOpt", host -> host.withSecurityOpts(List.of())),
                change("privileged", host -> host.withPrivileged(true)),
                change("networkMode", host -> host.withNetworkMode("host")),
                change("pidsLimit", host -> host.withPidsLimit(0L)),
                change("memory", host -> host.withMemory(0L)),
                change("memorySwap", host -> host.withMemorySwap(1L << 40)),
                change("binds", host -> host.withBinds(Bind.parse("/:/host"))),
                change(
                        "mounts",
                        host ->
                                host.withMounts(
                                        List.of(new com.github.dockerjava.api.model.Mount()))),
                change("securityOpt", host -> host.withSecurityOpts(List.of("label=disable"))),
                change("utsMode", host -> host.withUtSMode("host")),
                change("usernsMode", host -> host.withUsernsMode("host")),
                change("readonlyRootfs", host -> host.withReadonlyRootfs(false)),
                change("ipcMode", host -> host.withIpcMode("host")),
                change("pidMode", host -> host.withPidMode("host")),
                change("devices", host -> host.withDevices(new Device("rwm", "/dev/a", "/dev/a"))));
    }

    @Test
    void a_kernel_that_does_not_count_swap_is_put_up_with() {
        assertThat(EffectiveCheck.differences(config(), config().withMemorySwap(-1L))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void a_setting_that_the_engine_changed_is_named(String setting, Consumer<HostConfig> change) {
        HostConfig held = config();
        change.accept(held);
        assertThat(EffectiveCheck.differences(config(), held))
                .singleElement()
                .asString()
                .startsWith(setting + " is ");
    }

    @Test
    void the_engines_own_way_to_write_the_same_is_no_difference() throws IOException {
        HostConfig held =
                DockerClientConfig.getDefaultObjectMapper()
                        .readValue(
                                """
                                {"CapDrop": ["CAP_ALL"], "CapAdd": ["CAP_NET_BIND_SERVICE", "CAP_CHOWN"],
                                 "SecurityOpt": ["no-new-privileges:true"], "NetworkMode": "bridge",
                                 "PidsLimit": 32, "Memory": 67108864, "MemorySwap": 67108864, "Binds": null,
                                 "ReadonlyRootfs": true, "IpcMode": "private", "PidMode": "", "Devices": [],
                                 "DeviceRequests": null}
                                """,
                                HostConfig.class);
        assertThat(EffectiveCheck.differences(config(), held)).isEmpty();
    }
}
