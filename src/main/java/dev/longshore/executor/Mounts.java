package dev.longshore.executor;

import dev.longshore.job.Input;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What jobs may mount of the node, looked up on its disk by a worker. Any context. */
final class Mounts {
    private final Vertx vertx;
    private final MountPolicy policy;
    private final Set<Path> keepOut;

    /**
     * @param keepOut what no job may have: the engine's own, and other executions' results
     */
    Mounts(Vertx vertx, MountPolicy policy, Set<Path> keepOut) {
        this.vertx = vertx;
        this.policy = policy;
        this.keepOut = Set.copyOf(keepOut);
    }

    /**
     * The real path of each bind, by its place among the inputs; fails with {@link
     * ExecutorFailure.NotPermitted}. It holds for a moment only: whoever may write on the node can
     * change what a path leads to.
     */
    Future<Map<Integer, Path>> sources(List<Input> inputs) {
        if (inputs.stream().noneMatch(Input.Bind.class::isInstance)) {
            return Future.succeededFuture(Map.of());
        }
        return vertx.executeBlocking(() -> policy.resolve(inputs, keepOut), false)
                .compose(
                        resolved ->
                                switch (resolved) {
                                    case MountPolicy.Resolved.Allowed allowed ->
                                            Future.succeededFuture(allowed.sources());
                                    case MountPolicy.Resolved.Refused refused ->
                                            Future.failedFuture(
                                                    new ExecutorFailure.NotPermitted(
                                                            refused.verdict()));
                                });
    }
}
