package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.NodeId;
import java.util.HashMap;
import java.util.Map;

/** The names and labels by which a container is known to be ours, and whose it is. Pure. */
final class Labels {
    static final String NODE = "dev.longshore.node";
    static final String EXECUTION = "dev.longshore.execution";
    static final String JOB = "dev.longshore.job";
    static final String ATTEMPT = "dev.longshore.attempt";
    static final String SPEC = "dev.longshore.spec";

    private Labels() {}

    /** The labels of everything that a node made. */
    static Map<String, String> ofNode(NodeId nodeId) {
        return Map.of(NODE, nodeId.value());
    }

    /** All labels of an execution's container: the producer's own, and ours, which win. */
    static Map<String, String> of(NodeId nodeId, ExecutionRequest request, int attempt) {
        Map<String, String> labels = new HashMap<>(request.engine().labels());
        labels.put(NODE, nodeId.value());
        labels.put(EXECUTION, request.executionId().value());
        labels.put(JOB, request.jobId().value());
        labels.put(ATTEMPT, Integer.toString(attempt));
        labels.put(SPEC, request.specHash());
        return labels;
    }

    /** The container's name: the execution id after a prefix, and the attempt where it is not the first. */
    static String containerName(ExecutionRequest request, int attempt) {
        String name = "longshore-" + request.executionId();
        return attempt == 1 ? name : name + "." + attempt;
    }

    /** Whether {@code container} is the one that this node would make under these labels. */
    static boolean match(Map<String, String> ours, ContainerView container) {
        Map<String, String> theirs = container.labels();
        return same(ours, theirs, NODE)
                && same(ours, theirs, EXECUTION)
                && same(ours, theirs, ATTEMPT)
                && same(ours, theirs, SPEC);
    }

    private static boolean same(Map<String, String> ours, Map<String, String> theirs, String label) {
        String value = ours.get(label);
        return value != null && value.equals(theirs.get(label));
    }
}
