package dev.longshore.app;

import dev.longshore.app.Settings.NodeFacts;
import dev.longshore.docker.DockerSettings;
import dev.longshore.docker.RegistryCredential;
import dev.longshore.executor.DiskRules;
import dev.longshore.executor.DownloadPolicy;
import dev.longshore.executor.ExecutorSettings;
import dev.longshore.executor.InputRules;
import dev.longshore.executor.MountPolicy;
import dev.longshore.executor.Policy;
import dev.longshore.executor.PrivilegePolicy;
import dev.longshore.executor.PullRules;
import dev.longshore.executor.ReconcileRules;
import dev.longshore.job.Grant;
import dev.longshore.job.Privileges.HostNamespace;
import dev.longshore.results.ResultSettings;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Fills the settings of how executions are run from the values. Of one thread. */
final class ExecutorAssembly {
    private static final int NANO_DIGITS = 9;

    private final Values values;

    ExecutorAssembly(Values values) {
        this.values = values;
    }

    ExecutorSettings assemble(NodeFacts node, String logTopic, DockerSettings docker) {
        Grant defaults =
                new Grant(
                        values.get(Keys.JOBS_DEFAULT_CPU)
                                .movePointRight(NANO_DIGITS)
                                .longValueExact(),
                        values.get(Keys.JOBS_DEFAULT_MEMORY),
                        values.get(Keys.JOBS_DEFAULT_PIDS));
        return new ExecutorSettings(
                node.id(),
                node.version(),
                node.url(),
                logTopic,
                node.labels(),
                defaults,
                values.get(Keys.JOBS_MAX_RUNNING),
                values.get(Keys.JOBS_MAX_WAITING),
                values.get(Keys.JOBS_CPU_OVERCOMMIT).doubleValue(),
                values.get(Keys.JOBS_QUEUE_TIMEOUT),
                values.get(Keys.JOBS_PULL_TIMEOUT),
                values.get(Keys.JOBS_RUN_TIMEOUT),
                values.get(Keys.JOBS_STOP_GRACE),
                values.get(Keys.JOBS_LOG_DRAIN),
                values.get(Keys.JOBS_MAX_LOG_SIZE),
                pulls(docker),
                policy(),
                disk(),
                results(),
                values.find(Keys.SECRETS_DIRECTORY),
                new InputRules(
                        values.get(Keys.INPUTS_MAX_SIZE),
                        values.get(Keys.INPUTS_STALL_TIMEOUT),
                        values.get(Keys.INPUTS_TIMEOUT)),
                values.get(Keys.DRAIN_MODE),
                values.get(Keys.DRAIN_TIMEOUT),
                new ReconcileRules(
                        values.get(Keys.RECONCILE_EVERY),
                        values.get(Keys.RECONCILE_GRACE),
                        values.get(Keys.RECONCILE_MODE)));
    }

    private PullRules pulls(DockerSettings docker) {
        Set<String> registries =
                docker.credentials().values().stream()
                        .map(RegistryCredential::registry)
                        .collect(Collectors.toSet());
        boolean checked = values.get(Keys.IMAGES_CHECK_ACCESS) == PullRules.Check.PRIVATE;
        return new PullRules(values.get(Keys.JOBS_PARALLEL_PULLS), checked ? registries : Set.of());
    }

    private Policy policy() {
        Grant most =
                new Grant(
                        values.get(Keys.POLICY_MAX_CPU)
                                .movePointRight(NANO_DIGITS)
                                .longValueExact(),
                        values.get(Keys.POLICY_MAX_MEMORY),
                        values.get(Keys.POLICY_MAX_PIDS));
        return new Policy(
                values.get(Keys.POLICY_IMAGES),
                values.get(Keys.POLICY_DIGEST_ONLY),
                Set.copyOf(values.get(Keys.POLICY_NETWORKS)),
                Set.copyOf(values.get(Keys.POLICY_CAPABILITIES)),
                Set.copyOf(values.get(Keys.POLICY_PORT_ADDRESSES)),
                most,
                values.get(Keys.POLICY_MAX_RUN),
                new MountPolicy(
                        values.get(Keys.POLICY_READ_ROOTS),
                        values.get(Keys.POLICY_WRITE_ROOTS),
                        values.get(Keys.POLICY_VOLUMES)),
                new DownloadPolicy(values.get(Keys.POLICY_DOWNLOADS)),
                privileges(),
                values.get(Keys.POLICY_SECRETS),
                values.get(Keys.POLICY_EXEC));
    }

    private PrivilegePolicy privileges() {
        return new PrivilegePolicy(
                values.get(Keys.POLICY_PRIVILEGED),
                Set.copyOf(values.get(Keys.POLICY_DEVICES)),
                Set.copyOf(values.get(Keys.POLICY_SECURITY_OPTIONS)),
                Set.copyOf(values.get(Keys.POLICY_RUNTIMES)),
                values.get(Keys.POLICY_HOST_NAMESPACES).stream()
                        .map(name -> HostNamespace.valueOf(name.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toSet()),
                values.get(Keys.POLICY_GROUPS));
    }

    private DiskRules disk() {
        return new DiskRules(
                values.get(Keys.DISK_RESERVE),
                values.get(Keys.DISK_MAX_JOB_SIZE),
                values.get(Keys.IMAGES_CLEAN_BELOW),
                values.get(Keys.IMAGES_MIN_AGE),
                values.get(Keys.IMAGES_KEEP));
    }

    private ResultSettings results() {
        return new ResultSettings(
                values.get(Keys.RESULTS_DIRECTORY),
                values.get(Keys.RESULTS_KEEP),
                values.get(Keys.RESULTS_MAX_OUTPUT_SIZE),
                values.get(Keys.RESULTS_MAX_OUTPUT_FILES),
                values.get(Keys.RESULTS_MAX_OUTPUT_DEPTH));
    }
}
