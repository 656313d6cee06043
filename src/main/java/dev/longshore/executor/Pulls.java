package dev.longshore.executor;

import dev.longshore.docker.Docker;
import dev.longshore.docker.DockerFailure;
import dev.longshore.docker.ImageView;
import dev.longshore.docker.PullProgress;
import dev.longshore.docker.PullRequest;
import dev.longshore.job.PullPolicy;

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
 * Images, fetched once however many executions want them: pulls of one reference share a single
 * flight, and only so many run at a time. Lives on the executor's context.
 */
final class Pulls {
    private final Docker docker;
    private final int parallel;
    private final Map<String, Flight> flights = new HashMap<>();
    private final Queue<Flight> waiting = new ArrayDeque<>();
    private int running;

    Pulls(Docker docker, int parallel) {
        this.docker = docker;
        this.parallel = parallel;
    }

    /**
     * The image under this policy.
     *
     * @param progress told when a pull turns out to be needed, and then as it goes on
     */
    Future<ImageView> image(String reference, PullPolicy policy, Consumer<PullProgress> progress) {
        if (policy == PullPolicy.ALWAYS) {
            return pull(reference, progress);
        }
        return docker.inspectImage(reference)
                .recover(
                        failure -> {
                            if (failure instanceof DockerFailure.ImageNotFound
                                    && policy == PullPolicy.MISSING) {
                                return pull(reference, progress);
                            }
                            return Future.failedFuture(failure);
                        });
    }

    private Future<ImageView> pull(String reference, Consumer<PullProgress> progress) {
        progress.accept(new PullProgress(0, 0, 0, 0));
        Flight flight = flights.computeIfAbsent(reference, this::newFlight);
        flight.listeners.add(progress);
        takeOff();
        return flight.landed.future();
    }

    private Flight newFlight(String reference) {
        Flight flight = new Flight(reference);
        waiting.add(flight);
        return flight;
    }

    private void takeOff() {
        while (running < parallel && !waiting.isEmpty()) {
            running++;
            Flight flight = waiting.remove();
            docker.pull(PullRequest.of(flight.reference), flight::tell)
                    .compose(done -> docker.inspectImage(flight.reference))
                    .onComplete(
                            landed -> {
                                running--;
                                flights.remove(flight.reference);
                                flight.landed.handle(landed);
                                takeOff();
                            });
        }
    }

    private static final class Flight {
        private final String reference;
        private final Promise<ImageView> landed = Promise.promise();
        private final List<Consumer<PullProgress>> listeners = new ArrayList<>();

        private Flight(String reference) {
            this.reference = reference;
        }

        private void tell(PullProgress progress) {
            List.copyOf(listeners).forEach(listener -> listener.accept(progress));
        }
    }
}
