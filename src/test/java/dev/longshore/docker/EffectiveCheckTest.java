package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.core.DockerClientConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

class EffectiveCheckTest {
    private static HostConfig config() {
        return HostConfigs.of(
                ContainerSpecsTest.spec(
                        ContainerSpecsTest.demanding("a"), ContainerSpecsTest.GRANT),
                HostFacts.NONE);
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
                change("mounts", host -> host.withMounts(List.of(new Mount()))),
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
