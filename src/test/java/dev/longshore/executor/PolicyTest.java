package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.Grant;
import dev.longshore.job.Input;
import dev.longshore.job.Isolation;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.Networking;
import dev.longshore.job.PortBinding;
import dev.longshore.job.Privileges;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.SecretUse;
import dev.longshore.job.Timeouts;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class PolicyTest {
    private static final Grant SMALL = new Grant(1, 1, 1);

    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io/library/busybox",
        "busybox:1.36, docker.io/library/busybox",
        "team/tool, docker.io/team/tool",
        "docker.io/busybox, docker.io/library/busybox",
        "index.docker.io/library/busybox, docker.io/library/busybox",
        "localhost/x, localhost/x",
        "reg:5000/x:1, reg:5000/x",
        "reg.example.com/a/b@sha256:0123, reg.example.com/a/b"
    })
    void reads_a_reference_as_the_engine_would(String reference, String repository) {
        assertThat(Policy.repositoryOf(reference)).isEqualTo(repository);
    }

    @ParameterizedTest
    @CsvSource({
        "docker.io/library/*, busybox, true",
        "docker.io/library/*, team/tool, false",
        "docker.io/**, team/tool, true",
        "docker.io/**, docker.io.evil.com/library/x, false",
        "reg.example.com/*, reg.example.com/a/b, false",
        "reg.example.com/**, reg.example.com/a/b, true",
        "reg.example.com/a, regXexample.com/a, false"
    })
    void allows_images_by_glob_over_the_parsed_name(String glob, String image, boolean allowed) {
        Policy policy = images(glob, false);

        assertThat(policy.judge(request(EngineSpec.of(image)), SMALL).isEmpty()).isEqualTo(allowed);
    }

    @Test
    void can_insist_on_digests() {
        Policy policy = images("**", true);
        String digest = "busybox@sha256:" + "0".repeat(64);

        assertThat(field(policy, EngineSpec.of("busybox"))).contains("/image");
        assertThat(field(policy, EngineSpec.of(digest))).isEmpty();
    }

    @Test
    void allows_by_default_the_bridge_and_ports_on_the_loopback_address_only() {
        assertThat(field(Policy.DEFAULTS, network("bridge"))).isEmpty();
        assertThat(field(Policy.DEFAULTS, network("secret-net"))).contains("/network");
        assertThat(field(Policy.DEFAULTS, port("127.0.0.1"))).isEmpty();
        assertThat(field(Policy.DEFAULTS, port("0.0.0.0"))).contains("/ports");
    }

    @Test
    void keeps_capabilities_from_jobs_unless_allowed() {
        Isolation chown =
                new Isolation(Set.of("CHOWN"), false, true, false, null, Map.of(), Map.of());
        EngineSpec spec = EngineSpec.of("busybox").with(chown, Networking.DEFAULTS);

        assertThat(field(Policy.DEFAULTS, spec)).contains("/capabilities");
        Policy allowing =
                new Policy(
                        List.of("**"),
                        false,
                        Set.of(),
                        Set.of("CHOWN"),
                        Set.of(),
                        new Grant(0, 0, 0),
                        Duration.ofDays(1),
                        MountPolicy.NONE,
                        DownloadPolicy.NONE,
                        PrivilegePolicy.NONE,
                        List.of(),
                        false);
        assertThat(field(allowing, spec)).isEmpty();
    }

    @Test
    void bounds_what_one_job_may_ask_for() {
        Policy policy =
                new Policy(
                        List.of("**"),
                        false,
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        new Grant(2_000_000_000L, 100, 10),
                        Duration.ofHours(1),
                        MountPolicy.NONE,
                        DownloadPolicy.NONE,
                        PrivilegePolicy.NONE,
                        List.of(),
                        false);
        ExecutionRequest request = request(EngineSpec.of("busybox"));

        assertThat(policy.judge(request, new Grant(2_000_000_000L, 100, 10))).isEmpty();
        assertThat(field(policy, request, new Grant(2_000_000_001L, 1, 1)))
                .contains("/resources/cpu");
        assertThat(field(policy, request, new Grant(1, 101, 1))).contains("/resources/memory");
        assertThat(field(policy, request, new Grant(1, 1, 11))).contains("/resources/pids");
        ExecutionRequest longer =
                new ExecutionRequest(
                        request.executionId(),
                        request.jobId(),
                        request.engine(),
                        request.resources(),
                        Timeouts.ofRun(Duration.ofHours(2)),
                        "",
                        null);
        assertThat(field(policy, longer, SMALL)).contains("/timeouts/run");
    }

    @Test
    void keeps_the_networks_of_the_host_and_of_others_from_jobs_unless_listed() {
        Policy listing = networks("bridge", "container:db");
        Policy any = networks("host", "container:*");

        for (String network : List.of("host", "container:x", "container:", "default", "")) {
            assertThat(field(Policy.DEFAULTS, network(network))).contains("/network");
            assertThat(field(listing, network(network))).contains("/network");
        }
        assertThat(field(listing, network("container:db"))).isEmpty();
        assertThat(field(any, network("host"))).isEmpty();
        assertThat(field(any, network("container:x"))).isEmpty();
        assertThat(field(any, network("bridge"))).contains("/network");
    }

    @Test
    void judges_an_extension_like_a_start() {
        assertThat(Policy.DEFAULTS.judgeRun(Duration.ofDays(7))).isEmpty();
        assertThat(Policy.DEFAULTS.judgeRun(Duration.ofDays(7).plusMillis(1)))
                .map(Policy.Verdict::field)
                .contains("/timeouts/run");
    }

    @Test
    void judges_mounts_and_rights_over_the_host() {
        JobFiles files =
                new JobFiles(List.of(new Input.Bind("/srv", "/in", true)), List.of(), List.of());
        ExecutionRequest plain = request(EngineSpec.of("busybox"));
        ExecutionRequest mounting =
                new ExecutionRequest(
                        plain.executionId(),
                        plain.jobId(),
                        plain.engine(),
                        plain.resources(),
                        plain.timeouts(),
                        files,
                        Retry.NONE,
                        "",
                        null);
        Isolation privileged =
                new Isolation(
                        Set.of(),
                        false,
                        true,
                        false,
                        null,
                        Map.of(),
                        Map.of(),
                        new Privileges(true, List.of(), List.of(), null, Set.of()));

        assertThat(field(Policy.DEFAULTS, mounting, SMALL)).contains("/inputs/0/source");
        assertThat(
                        field(
                                Policy.DEFAULTS,
                                EngineSpec.of("busybox").with(privileged, Networking.DEFAULTS)))
                .contains("/privileged");
    }

    @Test
    void allows_secrets_by_glob_and_by_default_none() {
        SecretUse key = new SecretUse.Variable("team-key", "KEY");
        SecretUse other = new SecretUse.File("root-key", "/key", 0400);

        assertThat(secrets(Policy.DEFAULTS, key)).contains("/secrets/0/name");
        assertThat(secrets(withSecrets("team-*"), key)).isEmpty();
        assertThat(secrets(withSecrets("team-*"), key, other)).contains("/secrets/1/name");
        assertThat(secrets(withSecrets("*"), key, other)).isEmpty();
    }

    private static Policy withSecrets(String... globs) {
        Policy base = Policy.DEFAULTS;
        return new Policy(
                base.images(),
                base.digestOnly(),
                base.networks(),
                base.capabilities(),
                base.portAddresses(),
                base.most(),
                base.longestRun(),
                base.mounts(),
                base.downloads(),
                base.privileges(),
                List.of(globs),
                base.exec());
    }

    private static Optional<String> secrets(Policy policy, SecretUse... uses) {
        ExecutionRequest request =
                new ExecutionRequest(
                        new ExecutionId("e1"),
                        new JobId("job"),
                        EngineSpec.of("busybox"),
                        Resources.DEFAULTS,
                        Timeouts.DEFAULTS,
                        new JobFiles(List.of(), List.of(), List.of(), List.of(uses)),
                        Retry.NONE,
                        "hash",
                        null);
        return policy.judge(request, new Grant(1, 1, 1)).map(Policy.Verdict::field);
    }

    private static Policy networks(String... networks) {
        return new Policy(
                List.of("**"),
                false,
                Set.of(networks),
                Set.of(),
                Set.of(),
                new Grant(0, 0, 0),
                Duration.ofDays(1),
                MountPolicy.NONE,
                DownloadPolicy.NONE,
                PrivilegePolicy.NONE,
                List.of(),
                false);
    }

    private static Policy images(String glob, boolean digestOnly) {
        return new Policy(
                List.of(glob),
                digestOnly,
                Set.of(),
                Set.of(),
                Set.of(),
                new Grant(0, 0, 0),
                Duration.ofDays(1),
                MountPolicy.NONE,
                DownloadPolicy.NONE,
                PrivilegePolicy.NONE,
                List.of(),
                false);
    }

    private static EngineSpec network(String name) {
        return EngineSpec.of("busybox")
                .with(Isolation.DEFAULTS, new Networking(name, List.of(), List.of(), List.of()));
    }

    private static EngineSpec port(String hostIp) {
        PortBinding port = new PortBinding(80, 0, PortBinding.Protocol.TCP, hostIp);
        return EngineSpec.of("busybox")
                .with(
                        Isolation.DEFAULTS,
                        new Networking("bridge", List.of(port), List.of(), List.of()));
    }

    private static Optional<String> field(Policy policy, EngineSpec spec) {
        return field(policy, request(spec), SMALL);
    }

    private static Optional<String> field(Policy policy, ExecutionRequest request, Grant wanted) {
        return policy.judge(request, wanted).map(Policy.Verdict::field);
    }

    private static ExecutionRequest request(EngineSpec spec) {
        return new ExecutionRequest(
                new ExecutionId("e"),
                new JobId("j"),
                spec,
                Resources.DEFAULTS,
                Timeouts.DEFAULTS,
                "",
                null);
    }
}
