package dev.longshore.executor;

import dev.longshore.job.Grant;
import dev.longshore.job.NodeId;
import dev.longshore.job.Timeouts;
import dev.longshore.results.ResultSettings;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How a node runs executions.
 *
 * @param nodeId the node's name
 * @param version the version of Longshore, for node events
 * @param url where the node's HTTP side answers, for node events, or null
 * @param logTopic the topic of log lines, for results of executions that printed nothing
 * @param labels the operator's labels of the node
 * @param defaults what an execution gets that asks for nothing
 * @param maxRunning most executions with a container at a time
 * @param maxWaiting most executions that wait for capacity here; beyond, commands stay in Kafka
 * @param cpuOvercommit how many times its cores the node may promise, above 0
 * @param queueTimeout how long an execution may wait for capacity that names no time of its own
 * @param pullTimeout how long the fetch of its image may take
 * @param runTimeout how long a program may run that names no time of its own
 * @param stopGrace between stop signal and SIGKILL, for a program that names no time of its own
 * @param logDrain how long the end of the log is waited for after the program's end
 * @param maxLogBytes how much one program may print before it is stopped
 * @param pulls how images are had
 * @param policy what jobs may ask for
 * @param disk how the disk is kept from filling up
 * @param results where results are kept
 * @param secrets the directory of the secrets that the node holds, or null for none
 * @param inputs how what jobs name by URL is fetched
 * @param drain what becomes of running programs when the node stops
 * @param drainTimeout how long the node waits for their end, where it waits
 * @param reconcile how the engine's containers are compared with what the node knows
 */
public record ExecutorSettings(
        NodeId nodeId,
        String version,
        @Nullable String url,
        String logTopic,
        Map<String, String> labels,
        Grant defaults,
        int maxRunning,
        int maxWaiting,
        double cpuOvercommit,
        Duration queueTimeout,
        Duration pullTimeout,
        Duration runTimeout,
        Duration stopGrace,
        Duration logDrain,
        long maxLogBytes,
        PullRules pulls,
        Policy policy,
        DiskRules disk,
        ResultSettings results,
        @Nullable Path secrets,
        InputRules inputs,
        DrainMode drain,
        Duration drainTimeout,
        ReconcileRules reconcile) {
    /** Refuses nulls by name and counts below one. */
    public ExecutorSettings {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(logTopic, "logTopic");
        labels = Map.copyOf(labels);
        Objects.requireNonNull(defaults, "defaults");
        Objects.requireNonNull(queueTimeout, "queueTimeout");
        Objects.requireNonNull(pullTimeout, "pullTimeout");
        Objects.requireNonNull(runTimeout, "runTimeout");
        Objects.requireNonNull(stopGrace, "stopGrace");
        Objects.requireNonNull(logDrain, "logDrain");
        Objects.requireNonNull(pulls, "pulls");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(disk, "disk");
        Objects.requireNonNull(results, "results");
        Objects.requireNonNull(inputs, "inputs");
        Objects.requireNonNull(drain, "drain");
        Objects.requireNonNull(drainTimeout, "drainTimeout");
        Objects.requireNonNull(reconcile, "reconcile");
        if (maxRunning < 1 || maxWaiting < 1 || maxLogBytes < 1 || !(cpuOvercommit > 0)) {
            throw new IllegalArgumentException(
                    "maxRunning, maxWaiting and maxLogBytes must be at least 1, cpuOvercommit"
                            + " above 0");
        }
    }

    /** The defaults of {@code conf/longshore.yaml} for this node. */
    public static ExecutorSettings defaults(NodeId nodeId) {
        return new ExecutorSettings(
                nodeId,
                "dev",
                null,
                "longshore.logs",
                Map.of(),
                new Grant(500_000_000L, 256L << 20, 256),
                64,
                256,
                1.0,
                Duration.ofHours(24),
                Duration.ofMinutes(10),
                Duration.ofHours(24),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                1L << 30,
                PullRules.DEFAULTS,
                Policy.DEFAULTS,
                DiskRules.DEFAULTS,
                ResultSettings.under(Path.of(".longshore", "results")),
                null,
                InputRules.DEFAULTS,
                DrainMode.DETACH,
                Duration.ofHours(1),
                ReconcileRules.DEFAULTS);
    }

    /** The same with another time between stop signal and SIGKILL. */
    public ExecutorSettings withStopGrace(Duration grace) {
        return new ExecutorSettings(
                nodeId,
                version,
                url,
                logTopic,
                labels,
                defaults,
                maxRunning,
                maxWaiting,
                cpuOvercommit,
                queueTimeout,
                pullTimeout,
                runTimeout,
                grace,
                logDrain,
                maxLogBytes,
                pulls,
                policy,
                disk,
                results,
                secrets,
                inputs,
                drain,
                drainTimeout,
                reconcile);
    }

    /** The same with other rules for the disk. */
    public ExecutorSettings withDisk(DiskRules rules) {
        return new ExecutorSettings(
                nodeId,
                version,
                url,
                logTopic,
                labels,
                defaults,
                maxRunning,
                maxWaiting,
                cpuOvercommit,
                queueTimeout,
                pullTimeout,
                runTimeout,
                stopGrace,
                logDrain,
                maxLogBytes,
                pulls,
                policy,
                rules,
                results,
                secrets,
                inputs,
                drain,
                drainTimeout,
                reconcile);
    }

    /** The same, of a node that fetches files from there and so. */
    public ExecutorSettings withInputs(DownloadPolicy downloads, InputRules rules) {
        return new ExecutorSettings(
                nodeId,
                version,
                url,
                logTopic,
                labels,
                defaults,
                maxRunning,
                maxWaiting,
                cpuOvercommit,
                queueTimeout,
                pullTimeout,
                runTimeout,
                stopGrace,
                logDrain,
                maxLogBytes,
                pulls,
                policy.withDownloads(downloads),
                disk,
                results,
                secrets,
                rules,
                drain,
                drainTimeout,
                reconcile);
    }

    /** The same with another way to compare with the engine. */
    public ExecutorSettings withReconcile(ReconcileRules rules) {
        return new ExecutorSettings(
                nodeId,
                version,
                url,
                logTopic,
                labels,
                defaults,
                maxRunning,
                maxWaiting,
                cpuOvercommit,
                queueTimeout,
                pullTimeout,
                runTimeout,
                stopGrace,
                logDrain,
                maxLogBytes,
                pulls,
                policy,
                disk,
                results,
                secrets,
                inputs,
                drain,
                drainTimeout,
                rules);
    }

    /** The same, of a node whose HTTP side answers at {@code address}. */
    public ExecutorSettings withUrl(String address) {
        return new ExecutorSettings(
                nodeId,
                version,
                address,
                logTopic,
                labels,
                defaults,
                maxRunning,
                maxWaiting,
                cpuOvercommit,
                queueTimeout,
                pullTimeout,
                runTimeout,
                stopGrace,
                logDrain,
                maxLogBytes,
                pulls,
                policy,
                disk,
                results,
                secrets,
                inputs,
                drain,
                drainTimeout,
                reconcile);
    }

    /** What no job may mount: the engine's own, other jobs' results, and the secrets. */
    Set<Path> keptOut(Path engineRoot) {
        Set<Path> places = new HashSet<>(Set.of(engineRoot));
        places.add(results.directory().toAbsolutePath());
        if (secrets != null) {
            places.add(secrets.toAbsolutePath());
        }
        return places;
    }

    /** How long an execution with these times may wait for capacity. */
    public Duration queueTimeout(Timeouts own) {
        Duration queue = own.queue();
        return queue == null ? queueTimeout : queue;
    }

    /** How long the fetch of the image of an execution with these times may take. */
    public Duration pullTimeout(Timeouts own) {
        Duration pull = own.pull();
        return pull == null ? pullTimeout : pull;
    }

    /** How long the program of an execution with these times may run. */
    public Duration runTimeout(Timeouts own) {
        Duration run = own.run();
        return run == null ? runTimeout : run;
    }
}
