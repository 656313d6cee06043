package dev.longshore.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.Gpu;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.Isolation;
import dev.longshore.job.Networking;
import dev.longshore.job.Privileges;
import dev.longshore.job.Ulimit;
import dev.longshore.testing.TestEngine;

import io.vertx.core.Future;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Create requests and commands in containers as a real engine takes them. */
class ContainerRequestIT extends RealEngine {
    private InspectContainerResponse held(String id) throws IOException {
        try (EngineCalls calls = new EngineCalls(settings(), ApiVersion.OLDEST)) {
            return calls.client().inspectContainerCmd(id).exec();
        }
    }

    @Test
    void the_engine_holds_isolation_and_network_as_asked() throws IOException {
        String id =
                ask(
                        () ->
                                docker.create(
                                        spec(
                                                ContainerSpecsTest.demanding(
                                                        TestEngine.image(), "true"))));
        InspectContainerResponse held = held(id);
        HostConfig host = held.getHostConfig();
        assertThat(host.getCapDrop()).containsExactly(Capability.ALL);
        assertThat(host.getCapAdd()).containsExactly(Capability.CHOWN, Capability.NET_BIND_SERVICE);
        assertThat(host.getReadonlyRootfs()).isTrue();
        assertThat(host.getInit()).isFalse();
        assertThat(host.getShmSize()).isEqualTo(1L << 20);
        assertThat(host.getTmpFs())
                .isEqualTo(
                        Map.of(
                                "/run",
                                "rw,nosuid,nodev,size=65536",
                                "/tmp",
                                "rw,nosuid,nodev,size=4194304"));
        assertThat(host.getUlimits())
                .extracting(
                        limit -> limit.getName() + limit.getSoftLong() + ":" + limit.getHardLong())
                .containsExactly("core0:0", "nofile1024:2048");
        assertThat(host.getNetworkMode()).isEqualTo("bridge");
        assertThat(host.getPortBindings().getBindings()).hasSize(2);
        assertThat(host.getDns()).containsExactly("192.0.2.1");
        assertThat(host.getExtraHosts()).containsExactly("db:192.0.2.2");
        assertThat(held.getConfig().getTty()).isTrue();
        assertThat(held.getConfig().getExposedPorts()).hasSize(2);
        assertThat(ask(() -> docker.inspect(id)).ports()).isEmpty();
    }

    @Test
    void the_program_lives_within_what_was_asked() {
        Isolation isolation =
                new Isolation(
                        Set.of("CHOWN"),
                        true,
                        true,
                        false,
                        null,
                        Map.of("/scratch", 65_536L),
                        Map.of("nofile", new Ulimit(64, 64)));
        String script =
                "grep CapEff /proc/self/status | tr -d '\\t'; ulimit -n; touch /a 2>/dev/null ||"
                        + " echo readonly; touch /scratch/a && echo scratch; ls /dev | grep -c -E"
                        + " 'kfd|dri|nvidia'";
        String id =
                started(
                        spec(
                                EngineSpec.of(TestEngine.image(), "sh", "-c", script)
                                        .with(isolation, Networking.DEFAULTS)));
        Lines lines = new Lines();
        readAll(Lines.of(id), lines);
        assertThat(lines.texts())
                .containsExactly(
                        "out|CapEff:0000000000000001",
                        "out|64",
                        "out|readonly",
                        "out|scratch",
                        "out|0");
    }

    @Test
    void the_engine_holds_the_rights_over_the_host_as_asked() throws IOException {
        Privileges all =
                new Privileges(
                        true,
                        List.of(new Privileges.Device("/dev/null", "/dev/nothing", "rw")),
                        List.of("no-new-privileges:false", "seccomp=unconfined"),
                        "runc",
                        Set.of(Privileges.HostNamespace.values()));
        Isolation isolation =
                new Isolation(Set.of(), false, true, false, null, Map.of(), Map.of(), all);
        EngineSpec engine =
                EngineSpec.of(TestEngine.image(), "true").with(isolation, Networking.DEFAULTS);
        HostConfig host = held(ask(() -> docker.create(spec(engine)))).getHostConfig();
        assertThat(host.getPrivileged()).isTrue();
        assertThat(host.getSecurityOpts())
                .contains("no-new-privileges:false", "seccomp=unconfined");
        assertThat(host.getRuntime()).isEqualTo("runc");
        assertThat(List.of(host.getPidMode(), host.getIpcMode(), host.getUtSMode()))
                .containsOnly("host");
        assertThat(host.getUsernsMode()).isEqualTo("host");
        assertThat(host.getDevices()).hasSize(1);
    }

    @Test
    void a_runtime_that_the_engine_lacks_is_refused() {
        Privileges other = new Privileges(false, List.of(), List.of(), "no-such-runtime", Set.of());
        Isolation isolation =
                new Isolation(Set.of(), false, true, false, null, Map.of(), Map.of(), other);
        EngineSpec engine =
                EngineSpec.of(TestEngine.image(), "true").with(isolation, Networking.DEFAULTS);
        assertThatThrownBy(() -> ask(() -> docker.create(spec(engine))))
                .isInstanceOf(DockerFailure.Refused.class)
                .hasMessageContaining("no-such-runtime");
    }

    /** The engine takes the request and looks for the device at the start. */
    private void cannotStartWith(Gpu gpu, String words) {
        ContainerSpec spec =
                new ContainerSpec(
                        "longshore-test-" + UUID.randomUUID(),
                        EngineSpec.of(TestEngine.image(), "true"),
                        DockerContract.GRANT.with(List.of(gpu)),
                        labels);
        assertThatThrownBy(() -> started(spec))
                .isInstanceOfSatisfying(
                        DockerFailure.StartFailed.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(-1))
                .hasMessageContaining(words);
    }

    @Test
    void a_gpu_whose_driver_the_engine_lacks_is_a_failed_start() {
        cannotStartWith(
                GpuRequestsTest.gpu(GpuVendor.NVIDIA, "GPU-none", null),
                "could not select device driver");
    }

    @Test
    void a_gpu_that_the_host_lacks_is_a_failed_start() {
        cannotStartWith(
                GpuRequestsTest.gpu(GpuVendor.INTEL, "none", "/dev/dri/renderD999"),
                "/dev/dri/renderD999");
        cannotStartWith(GpuRequestsTest.gpu(GpuVendor.AMD, "none", "/dev/dri/renderD999"), "/dev/");
    }

    @Test
    void a_command_that_says_too_much_runs_to_its_end() {
        String id = started("exec sleep 600");
        ExecResult result =
                ask(
                        () ->
                                docker.exec(
                                        id,
                                        List.of(
                                                "sh",
                                                "-c",
                                                "head -c 1200000 /dev/zero | tr '\\0' x; echo end"
                                                        + " >&2; exit 3")));
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.stdout()).hasSize(Exec.MOST_BYTES);
        assertThat(result.stderr()).isEqualTo("end\n");
        assertThat(result.truncated()).isTrue();
    }

    @Test
    void a_command_that_is_not_there_has_the_shells_code() {
        String id = started("exec sleep 600");
        ExecResult result = ask(() -> docker.exec(id, List.of("no-such-program")));
        assertThat(result.exitCode()).isIn(126, 127);
        assertThat(result.stdout()).contains("no-such-program");
    }

    @Test
    void a_command_that_runs_holds_no_thread() {
        DockerSettings one =
                new DockerSettings(
                        settings().host(),
                        settings().callDeadline(),
                        settings().startDeadline(),
                        settings().pullSilence(),
                        1,
                        1,
                        settings().maxApiVersion());
        Docker single = DockerJava.create(vertx, one);
        String id = started("exec sleep 600");
        Future<ExecResult> first =
                asked(() -> single.exec(id, List.of("sh", "-c", "touch /tmp/first; sleep 600")));
        String waits = "until [ -e /tmp/first ]; do sleep 0.02; done";
        assertThat(ask(() -> single.exec(id, List.of("sh", "-c", waits))).exitCode()).isZero();
        assertThat(first.isComplete()).isFalse();
        ask(() -> docker.kill(id, "SIGKILL"));
        assertThat(await(first).exitCode()).isEqualTo(137);
        ask(single::close);
    }
}
