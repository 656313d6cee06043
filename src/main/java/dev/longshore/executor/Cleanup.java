package dev.longshore.executor;

import dev.longshore.docker.ContainerView;
import dev.longshore.docker.Docker;
import dev.longshore.docker.SweepReport;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.NodeId;

import io.vertx.core.Future;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Removes what executions of this node left on the engine, and nobody else's. Lives on the
 * executor's context.
 */
final class Cleanup {
    private final Docker docker;
    private final NodeId nodeId;
    private final Predicate<ExecutionId> isLive;

    Cleanup(Docker docker, NodeId nodeId, Predicate<ExecutionId> isLive) {
        this.docker = docker;
        this.nodeId = nodeId;
        this.isLive = isLive;
    }

    /** Removes the containers of one execution. */
    Future<Void> remove(ExecutionId executionId) {
        return docker.list(Containers.ofExecution(nodeId, executionId)).compose(this::removeAll);
    }

    /**
     * Removes every container, network and volume with this node's label that belongs to no live
     * execution. Tries everything, then fails if something could not be removed.
     */
    Future<Void> sweep() {
        Map<String, String> labels = Containers.ofNode(nodeId);
        return docker.list(labels)
                .map(found -> found.stream().filter(this::isStray).toList())
                .compose(this::removeAll)
                .transform(
                        removed ->
                                docker.sweep(labels)
                                        .compose(Cleanup::judge)
                                        .compose(
                                                swept ->
                                                        removed.succeeded()
                                                                ? Future.succeededFuture()
                                                                : Future.failedFuture(
                                                                        removed.cause())));
    }

    private static Future<Void> judge(SweepReport report) {
        return report.failures().isEmpty()
                ? Future.succeededFuture()
                : Future.failedFuture("left over: " + String.join("; ", report.failures()));
    }

    private boolean isStray(ContainerView container) {
        String id = container.labels().get(Containers.EXECUTION);
        return id == null || !ExecutionId.isValid(id) || !isLive.test(new ExecutionId(id));
    }

    private Future<Void> removeAll(List<ContainerView> containers) {
        List<Future<Void>> removals = new ArrayList<>();
        for (ContainerView container : containers) {
            removals.add(docker.remove(container.id()));
        }
        return Future.join(removals).mapEmpty();
    }
}
