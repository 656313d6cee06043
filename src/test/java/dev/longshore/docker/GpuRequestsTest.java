package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Gpu;
import dev.longshore.job.GpuVendor;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/** The whole create request with each vendor's GPUs, and without any: the limits hold in all. */
class GpuRequestsTest {
    private static final HostFacts FACTS = new HostFacts(44, 109, false);
    private static final Gpu NVIDIA_A = gpu(GpuVendor.NVIDIA, "GPU-a", null);
    private static final Gpu NVIDIA_B = gpu(GpuVendor.NVIDIA, "GPU-b", null);

    static Gpu gpu(GpuVendor vendor, String id, @Nullable String renderNode) {
        return new Gpu(vendor, id, "model", 0, null, renderNode, true);
    }

    private static JsonObject request(HostFacts facts, Gpu... gpus) throws IOException {
        return ContainerSpecsTest.request(
                ContainerSpecsTest.spec(
                        EngineSpec.of("busybox:local", "true"),
                        ContainerSpecsTest.GRANT.with(List.of(gpus))),
                facts);
    }

    /** The request without GPUs, and these settings of the host. */
    private static JsonObject plainAnd(String settings) {
        return new JsonObject(
                        """
                        {"Image": "busybox:local", "Cmd": ["true"], "Env": [], "Labels": {"a": "1", "b": "2"},
                         "Tty": false, "OpenStdin": false, "AttachStdin": false, "AttachStdout": false,
                         "AttachStderr": false, "Volumes": {}, "ExposedPorts": {}, "Healthcheck": {"Test": ["NONE"]},
                         "StopSignal": "SIGTERM", "StopTimeout": 10}
                        """)
                .put(
                        "HostConfig",
                        new JsonObject(ContainerSpecsTest.HOST_CONFIG)
                                .mergeIn(new JsonObject(settings)));
    }

    @Test
    void without_gpus_nothing_is_said_of_devices() throws IOException {
        assertThat(request(FACTS)).isEqualTo(plainAnd("{}"));
    }

    @Test
    void nvidia_gives_exactly_the_granted_by_uuid() throws IOException {
        assertThat(request(FACTS, NVIDIA_A, NVIDIA_B))
                .isEqualTo(
                        plainAnd(
                                """
                                {"DeviceRequests": [{"Driver": "nvidia", "DeviceIDs": ["GPU-a", "GPU-b"],
                                 "Capabilities": [["gpu"]]}]}
                                """));
    }

    @Test
    void nvidia_goes_by_cdi_name_where_the_engine_takes_them() throws IOException {
        assertThat(request(new HostFacts(44, 109, true), NVIDIA_A, NVIDIA_B))
                .isEqualTo(
                        plainAnd(
                                """
                                {"DeviceRequests": [{"Driver": "cdi",
                                 "DeviceIDs": ["nvidia.com/gpu=GPU-a", "nvidia.com/gpu=GPU-b"]}]}
                                """));
    }

    @Test
    void amd_gives_the_compute_device_the_render_nodes_and_the_groups() throws IOException {
        assertThat(
                        request(
                                FACTS,
                                gpu(GpuVendor.AMD, "a", "/dev/dri/renderD128"),
                                gpu(GpuVendor.AMD, "b", "/dev/dri/renderD130")))
                .isEqualTo(
                        plainAnd(
                                """
                                {"Devices": [
                                  {"PathOnHost": "/dev/kfd", "PathInContainer": "/dev/kfd", "CgroupPermissions": "rwm"},
                                  {"PathOnHost": "/dev/dri/renderD128", "PathInContainer": "/dev/dri/renderD128", "CgroupPermissions": "rwm"},
                                  {"PathOnHost": "/dev/dri/renderD130", "PathInContainer": "/dev/dri/renderD130", "CgroupPermissions": "rwm"}],
                                 "GroupAdd": ["44", "109"]}
                                """));
    }

    @Test
    void intel_gives_the_render_nodes_and_their_group() throws IOException {
        assertThat(request(FACTS, gpu(GpuVendor.INTEL, "a", "/dev/dri/renderD129")))
                .isEqualTo(
                        plainAnd(
                                """
                                {"Devices": [
                                  {"PathOnHost": "/dev/dri/renderD129", "PathInContainer": "/dev/dri/renderD129", "CgroupPermissions": "rwm"}],
                                 "GroupAdd": ["109"]}
                                """));
    }

    @Test
    void a_group_that_the_host_lacks_is_not_added() throws IOException {
        assertThat(request(HostFacts.NONE, gpu(GpuVendor.INTEL, "a", "/dev/dri/renderD129")))
                .isEqualTo(
                        plainAnd(
                                """
                                {"Devices": [
                                  {"PathOnHost": "/dev/dri/renderD129", "PathInContainer": "/dev/dri/renderD129", "CgroupPermissions": "rwm"}]}
                                """));
    }

    @Test
    void a_gpu_without_its_render_node_cannot_be_given() {
        assertThatThrownBy(() -> request(FACTS, gpu(GpuVendor.AMD, "0000:65:00.0", null)))
                .isInstanceOf(DockerFailure.Refused.class)
                .hasMessageContaining("0000:65:00.0");
    }
}
