package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.Isolation;
import dev.longshore.job.Networking;
import dev.longshore.job.Privileges;
import dev.longshore.job.Privileges.HostNamespace;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of the host a container is asked to have: mounts and rights, exactly. */
class HostRequestsTest {
    static final Privileges ALL =
            new Privileges(
                    true,
                    List.of(new Privileges.Device("/dev/fuse", "/dev/f", "rw")),
                    List.of("seccomp=unconfined"),
                    "runsc",
                    Set.of(HostNamespace.values()));

    static ContainerSpec spec(Privileges privileges, Mount... mounts) {
        Isolation isolation =
                new Isolation(Set.of(), false, true, false, null, Map.of(), Map.of(), privileges);
        return new ContainerSpec(
                "longshore-e1",
                EngineSpec.of("busybox:local", "true").with(isolation, Networking.DEFAULTS),
                ContainerSpecsTest.GRANT,
                Map.of(),
                List.of(mounts));
    }

    private static JsonObject host(ContainerSpec spec) throws IOException {
        return ContainerSpecsTest.request(spec, HostFacts.NONE).getJsonObject("HostConfig");
    }

    private static JsonObject usualAnd(String more) {
        return new JsonObject(ContainerSpecsTest.HOST_CONFIG).mergeIn(new JsonObject(more));
    }

    @Test
    void further_groups_come_before_those_that_gpus_need_and_none_comes_twice() throws IOException {
        Privileges groups =
                new Privileges(
                        false,
                        List.of(),
                        List.of(),
                        null,
                        Set.of(),
                        List.of("video", "1500", "44"));
        ContainerSpec plain = spec(groups);
        ContainerSpec withGpu =
                new ContainerSpec(
                        plain.name(),
                        plain.engine(),
                        plain.grant()
                                .with(
                                        List.of(
                                                GpuRequestsTest.gpu(
                                                        GpuVendor.AMD,
                                                        "a",
                                                        "/dev/dri/renderD128"))),
                        plain.labels());

        assertThat(host(plain).getJsonArray("GroupAdd")).containsExactly("video", "1500", "44");
        assertThat(
                        ContainerSpecsTest.request(withGpu, new HostFacts(44, 109, false))
                                .getJsonObject("HostConfig")
                                .getJsonArray("GroupAdd"))
                .containsExactly("video", "1500", "44", "109");
    }

    private static Privileges with(String... securityOptions) {
        return new Privileges(false, List.of(), List.of(securityOptions), null, Set.of());
    }

    @Test
    void mounts_are_asked_for_exactly() throws IOException {
        assertThat(
                        host(
                                spec(
                                        Privileges.NONE,
                                        new Mount.Bind("/data/a", "/in", true),
                                        new Mount.Volume("cache", "/cache", false),
                                        new Mount.Scratch("/out", Map.of("b", "2", "a", "1")))))
                .isEqualTo(
                        usualAnd(
                                """
                                {"Mounts": [
                                  {"Type": "bind", "Source": "/data/a", "Target": "/in", "ReadOnly": true,
                                   "BindOptions": {"Propagation": "rprivate"}},
                                  {"Type": "volume", "Source": "cache", "Target": "/cache", "ReadOnly": false},
                                  {"Type": "volume", "Target": "/out", "ReadOnly": false,
                                   "VolumeOptions": {"Labels": {"a": "1", "b": "2"}}}]}
                                """));
    }

    @Test
    void two_mounts_at_one_place_are_refused() {
        assertThatThrownBy(
                        () ->
                                spec(
                                        Privileges.NONE,
                                        new Mount.Bind("/a", "/b", true),
                                        new Mount.Volume("c", "/b", true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("targets");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "./a", "/a/", "/a//b", "/a/../b", "/a/.", "//"})
    void a_path_that_is_not_plain_is_refused(String path) {
        assertThatThrownBy(() -> new Mount.Volume("v", path, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("target");
        assertThatThrownBy(() -> CopyEntry.directory(path, 0755))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void all_rights_are_asked_for_exactly() throws IOException {
        assertThat(host(spec(ALL)))
                .isEqualTo(
                        usualAnd(
                                """
                                {"Privileged": true, "SecurityOpt": ["no-new-privileges:true", "seccomp=unconfined"],
                                 "Runtime": "runsc", "PidMode": "host", "IpcMode": "host", "UTSMode": "host",
                                 "UsernsMode": "host",
                                 "Devices": [{"PathOnHost": "/dev/fuse", "PathInContainer": "/dev/f", "CgroupPermissions": "rw"}]}
                                """));
    }

    @Test
    void a_device_that_was_asked_for_comes_beside_the_gpus() throws IOException {
        ContainerSpec asked = spec(ALL);
        ContainerSpec both =
                new ContainerSpec(
                        asked.name(),
                        asked.engine(),
                        asked.grant()
                                .with(
                                        List.of(
                                                GpuRequestsTest.gpu(
                                                        GpuVendor.INTEL,
                                                        "i",
                                                        "/dev/dri/renderD128"))),
                        Map.of());
        assertThat(host(both).getJsonArray("Devices"))
                .extracting(device -> ((JsonObject) device).getString("PathOnHost"))
                .containsExactly("/dev/fuse", "/dev/dri/renderD128");
    }

    @Test
    void new_privileges_come_only_where_they_are_asked_for_literally() throws IOException {
        assertThat(host(spec(with("no-new-privileges:false"))).getJsonArray("SecurityOpt"))
                .isEqualTo(new JsonArray().add("no-new-privileges:false"));
        assertThat(
                        host(spec(with("no-new-privileges", "apparmor=unconfined")))
                                .getJsonArray("SecurityOpt"))
                .isEqualTo(
                        new JsonArray().add("no-new-privileges:true").add("apparmor=unconfined"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-new-privileges=false", "no-new-privileges:0"})
    void new_privileges_by_another_name_are_refused(String option) {
        assertThatThrownBy(() -> host(spec(with(option))))
                .isInstanceOf(DockerFailure.Refused.class)
                .hasMessageContaining(option);
    }
}
