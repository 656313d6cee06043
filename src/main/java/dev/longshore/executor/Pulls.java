package dev.longshore.executor;

import dev.longshore.docker.Docker;
import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.ImageView;
import dev.longshore.docker.PullRequest;
import dev.longshore.job.EngineSpec;
import dev.longshore.job.JobCommand;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.PullState;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Images, fetched once however many executions want them: pulls of one reference, platform and
 * credential share a single flight, and only so many run at a time. What is here already is given
 * only to who might fetch it. Lives on the executor's context.
 */
final class Pulls {
    private final Docker docker;
    private final int parallel;
    private final ImageAccess access;
    private final Map<PullRequest, Flight> flights = new HashMap<>();
    private final Queue<Flight> waiting = new ArrayDeque<>();
    private int running;

    Pulls(Docker docker, PullRules rules, Timers timers) {
        this.docker = docker;
        this.parallel = rules.parallel();
        this.access = new ImageAccess(docker, rules.privateRegistries(), timers);
    }

    /**
     * The image under this policy.
     *
     * @param progress told when a pull turns out to be needed, and then as it goes on
     */
    Future<ImageView> image(EngineSpec engine, Consumer<PullState> progress) {
        return image(
                new PullRequest(engine.image(), engine.platform(), engine.registryAuth()),
                engine.pullPolicy(),
                progress);
    }

    /** The same ahead of any execution. */
    Future<ImageView> prefetch(JobCommand.Prefetch order) {
        return image(
                new PullRequest(order.image(), order.platform(), order.registryAuth()),
                PullPolicy.MISSING,
                progress -> {});
    }

    /** The same for no execution in particular. */
    Future<ImageView> image(PullRequest request, PullPolicy policy, Consumer<PullState> progress) {
        if (policy == PullPolicy.ALWAYS) {
            return pull(request, progress);
        }
        return docker.inspectImage(request.reference())
                .transform(
                        found ->
                                policy == PullPolicy.MISSING && isMissing(request, found)
                                        ? pull(request, progress)
                                        : here(request, found));
    }

    /** Of a tag the engine may have the image of another platform: that is not what is wanted. */
    private static boolean isMissing(PullRequest request, AsyncResult<ImageView> found) {
        return found.succeeded()
                ? request.platform() != null && !found.result().isFor(request.platform())
                : found.cause() instanceof DockerFailure.ImageNotFound;
    }

    /** It is not fetched, so that its registry was not asked whether this job may have it. */
    private Future<ImageView> here(PullRequest request, AsyncResult<ImageView> found) {
        return found.succeeded()
                ? access.checked(request, found.result())
                : Future.failedFuture(found.cause());
    }

    private Future<ImageView> pull(PullRequest request, Consumer<PullState> progress) {
        progress.accept(new PullState(0, 0, 0, 0));
        Flight flight = flights.computeIfAbsent(request, this::newFlight);
        flight.listeners.add(progress);
        takeOff();
        return flight.landed.future();
    }

    private Flight newFlight(PullRequest request) {
        Flight flight = new Flight(request);
        waiting.add(flight);
        return flight;
    }

    private void takeOff() {
        while (running < parallel && !waiting.isEmpty()) {
            running++;
            Flight flight = waiting.remove();
            docker.pull(flight.request, flight::tell)
                    .onSuccess(done -> access.given(flight.request))
                    .compose(done -> docker.inspectImage(flight.request.reference()))
                    .onComplete(
                            landed -> {
                                running--;
                                flights.remove(flight.request);
                                flight.landed.handle(landed);
                                takeOff();
                            });
        }
    }

    private static final class Flight {
        private final PullRequest request;
        private final Promise<ImageView> landed = Promise.promise();
        private final List<Consumer<PullState>> listeners = new ArrayList<>();

        private Flight(PullRequest request) {
            this.request = request;
        }

        private void tell(PullState progress) {
            List.copyOf(listeners).forEach(listener -> listener.accept(progress));
        }
    }
}
