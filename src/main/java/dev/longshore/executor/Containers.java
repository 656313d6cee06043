package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.job.CommandPosition;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.LogPosition;
import dev.longshore.job.NodeId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What the containers of executions look like: name, labels by which they are known to be ours,
 * limits. Pure.
 */
final class Containers {
    static final String NODE = "dev.longshore.node";
    static final String EXECUTION = "dev.longshore.execution";
    static final String JOB = "dev.longshore.job";
    static final String ATTEMPT = "dev.longshore.attempt";
    static final String SPEC = "dev.longshore.spec";

    /** The image as the job names it: the container itself is made by the image's id. */
    static final String IMAGE = "dev.longshore.image";

    /** Where the start command stands, so that it can be read again. */
    static final String COMMAND = "dev.longshore.command";

    /** Where the container's log starts in the topic. */
    static final String LOG = "dev.longshore.log";

    /** When the start command was written. */
    static final String ASKED = "dev.longshore.asked";

    /** When the execution was taken on. */
    static final String ACCEPTED = "dev.longshore.accepted";

    /** The signal that asks a program to end which names none of its own. */
    static final String STOP_SIGNAL = "SIGTERM";

    private Containers() {}

    /** The labels of everything that a node made. */
    static Map<String, String> ofNode(NodeId nodeId) {
        return Map.of(NODE, nodeId.value());
    }

    /** The labels of everything that a node made for one execution. */
    static Map<String, String> ofExecution(NodeId nodeId, ExecutionId executionId) {
        return Map.of(NODE, nodeId.value(), EXECUTION, executionId.value());
    }

    /** All labels of an execution's container: the producer's own, and ours, which win. */
    static Map<String, String> of(NodeId nodeId, ExecutionRequest request, int attempt) {
        Map<String, String> labels = new HashMap<>(request.engine().labels());
        labels.put(NODE, nodeId.value());
        labels.put(EXECUTION, request.executionId().value());
        labels.put(JOB, request.jobId().value());
        labels.put(ATTEMPT, Integer.toString(attempt));
        labels.put(SPEC, request.specHash());
        labels.put(IMAGE, request.engine().image());
        return labels;
    }

    /** The labels by which a later life of the node finds what it needs to go on. */
    static Map<String, String> ofRecovery(
            @Nullable CommandPosition command,
            LogPosition log,
            Instant askedAt,
            Instant acceptedAt) {
        Map<String, String> labels = new HashMap<>();
        if (command != null) {
            labels.put(COMMAND, command.toString());
        }
        labels.put(LOG, log.topic() + "-" + log.partition() + "-" + log.offset());
        labels.put(ASKED, askedAt.toString());
        labels.put(ACCEPTED, acceptedAt.toString());
        return labels;
    }

    /**
     * The container's name: the execution id after a prefix, and the attempt where it is not the
     * first.
     */
    static String containerName(ExecutionRequest request, int attempt) {
        String name = "longshore-" + request.executionId();
        return attempt == 1 ? name : name + "." + attempt;
    }

    /** Which attempt a container of ours was made for; 1 where that is not readable. */
    static int attempt(ContainerView container) {
        String label = container.labels().getOrDefault(ATTEMPT, "1");
        return label.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(label) : 1;
    }

    /** The same spec, with the way in which its program is stopped here. */
    static EngineSpec withStop(ExecutorSettings settings, EngineSpec engine) {
        String signal = engine.stopSignal();
        return engine.withStop(signal == null ? STOP_SIGNAL : signal, stopGrace(settings, engine));
    }

    /** How long the program has to end after the stop signal. */
    static Duration stopGrace(ExecutorSettings settings, EngineSpec engine) {
        Duration own = engine.stopGrace();
        return own == null ? settings.stopGrace() : own;
    }

    /** Whether {@code container} is the one that this node would make under these labels. */
    static boolean match(Map<String, String> ours, ContainerView container) {
        Map<String, String> theirs = container.labels();
        return same(ours, theirs, NODE)
                && same(ours, theirs, EXECUTION)
                && same(ours, theirs, ATTEMPT)
                && same(ours, theirs, SPEC);
    }

    /** Whether {@code container} is the one that another node would make of the same attempt. */
    static boolean matchButForNode(Map<String, String> ours, ContainerView container) {
        Map<String, String> theirs = container.labels();
        return theirs.containsKey(NODE)
                && !same(ours, theirs, NODE)
                && same(ours, theirs, EXECUTION)
                && same(ours, theirs, ATTEMPT)
                && same(ours, theirs, SPEC);
    }

    private static boolean same(
            Map<String, String> ours, Map<String, String> theirs, String label) {
        String value = ours.get(label);
        return value != null && value.equals(theirs.get(label));
    }
}
