package dev.longshore.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Privileges;
import dev.longshore.job.Privileges.Device;
import dev.longshore.job.Privileges.HostNamespace;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;

class PrivilegePolicyTest {
    private static final PrivilegePolicy SOME =
            new PrivilegePolicy(
                    false,
                    Set.of("/dev/fuse"),
                    Set.of("apparmor=jobs"),
                    Set.of("runsc"),
                    Set.of(HostNamespace.IPC));

    @Test
    void asking_for_nothing_is_always_allowed() {
        assertThat(PrivilegePolicy.NONE.judge(Privileges.NONE)).isEmpty();
    }

    @Test
    void every_right_at_once_is_asked_for_by_itself() {
        Privileges all = new Privileges(true, List.of(), List.of(), null, Set.of());
        PrivilegePolicy allowing =
                new PrivilegePolicy(true, Set.of(), Set.of(), Set.of(), Set.of());

        assertThat(field(SOME, all)).contains("/privileged");
        assertThat(field(allowing, all)).isEmpty();
    }

    @Test
    void points_at_the_device_that_is_not_listed() {
        assertThat(field(SOME, devices("/dev/fuse"))).isEmpty();
        assertThat(field(SOME, devices("/dev/fuse", "/dev/sda"))).contains("/devices/1");
        assertThat(field(SOME, devices("/dev/fuse/../sda"))).contains("/devices/0");
    }

    @Test
    void points_at_the_security_option_that_is_not_listed() {
        assertThat(field(SOME, with(List.of("apparmor=jobs"), null))).isEmpty();
        assertThat(field(SOME, with(List.of("seccomp=unconfined"), null)))
                .contains("/securityOptions/0");
    }

    @Test
    void allows_a_runtime_and_a_namespace_only_if_it_is_listed() {
        assertThat(field(SOME, with(List.of(), "runsc"))).isEmpty();
        assertThat(field(SOME, with(List.of(), "other"))).contains("/runtime");
        assertThat(field(SOME, namespaces(HostNamespace.IPC))).isEmpty();
        assertThat(SOME.judge(namespaces(HostNamespace.IPC, HostNamespace.PID)))
                .hasValueSatisfying(
                        verdict -> {
                            assertThat(verdict.field()).isEqualTo("/hostNamespaces");
                            assertThat(verdict.message()).contains("pid");
                        });
    }

    @Test
    void by_default_only_numbers_of_peoples_groups_are_allowed() {
        assertThat(field(PrivilegePolicy.NONE, groups("1000", "1500", "59999"))).isEmpty();
        assertThat(field(PrivilegePolicy.NONE, groups("1000", "0"))).contains("/groups/1");
        assertThat(field(PrivilegePolicy.NONE, groups("999"))).contains("/groups/0");
        assertThat(field(PrivilegePolicy.NONE, groups("65534"))).contains("/groups/0");
        for (String name : List.of("root", "docker", "disk", "shadow", "people")) {
            assertThat(field(PrivilegePolicy.NONE, groups(name))).contains("/groups/0");
        }
    }

    @Test
    void allows_groups_by_range_and_by_glob() {
        PrivilegePolicy policy =
                new PrivilegePolicy(
                        false,
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        List.of("44", "100-200", "team-*"));

        assertThat(field(policy, groups("44", "100", "200", "team-a"))).isEmpty();
        assertThat(field(policy, groups("201"))).contains("/groups/0");
        assertThat(field(policy, groups("4"))).contains("/groups/0");
        assertThat(field(policy, groups("teams"))).contains("/groups/0");
        assertThat(field(policy, groups("1500"))).contains("/groups/0");
    }

    private static Privileges groups(String... groups) {
        return new Privileges(false, List.of(), List.of(), null, Set.of(), List.of(groups));
    }

    private static Optional<String> field(PrivilegePolicy policy, Privileges wanted) {
        return policy.judge(wanted).map(Policy.Verdict::field);
    }

    private static Privileges devices(String... hosts) {
        List<Device> devices = List.of(hosts).stream().map(h -> new Device(h, h, "rw")).toList();
        return new Privileges(false, devices, List.of(), null, Set.of());
    }

    private static Privileges with(List<String> options, @Nullable String runtime) {
        return new Privileges(false, List.of(), options, runtime, Set.of());
    }

    private static Privileges namespaces(HostNamespace... wanted) {
        return new Privileges(false, List.of(), List.of(), null, Set.of(wanted));
    }
}
