package dev.longshore.executor;

import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionState;
import dev.longshore.job.StatusEvent;
import dev.longshore.kafka.Delivery;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Starts that another node has taken on already, as after a rebalance: kept in custody until that
 * node has a container or a result, since it may die before; then they are this node's to run.
 * Lives on the executor's context.
 */
final class Parked {
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);

    /** In these there is, or was, a container, or there is a result. */
    static final Set<ExecutionState> SAFE =
            EnumSet.of(
                    ExecutionState.RUNNING,
                    ExecutionState.PAUSED,
                    ExecutionState.STOPPING,
                    ExecutionState.SUCCEEDED,
                    ExecutionState.FAILED,
                    ExecutionState.CANCELLED,
                    ExecutionState.REJECTED,
                    ExecutionState.LOST);

    private final Timers timers;
    private final BiPredicate<ExecutionId, Delivery> isOrphaned;
    private final Consumer<Delivery> again;
    private final Map<ExecutionId, Delivery> deliveries = new HashMap<>();

    /**
     * @param isOrphaned whether the node that has the execution is gone
     * @param again takes a delivery once more
     */
    Parked(Timers timers, BiPredicate<ExecutionId, Delivery> isOrphaned, Consumer<Delivery> again) {
        this.timers = timers;
        this.isOrphaned = isOrphaned;
        this.again = again;
    }

    /** Keeps a delivery; {@code state} is where its execution stands elsewhere. */
    void park(ExecutionId id, Delivery delivery, ExecutionState state) {
        if (SAFE.contains(state)) {
            delivery.done();
            return;
        }
        if (deliveries.isEmpty()) {
            timers.after(BETWEEN_CHECKS, this::check);
        }
        Delivery earlier = deliveries.put(id, delivery);
        if (earlier != null) {
            earlier.done(); // the same start twice: the later one stands for both
        }
    }

    /** Hears what any node says. */
    void learned(StatusEvent event) {
        if (SAFE.contains(event.state())) {
            Delivery parked = deliveries.remove(event.executionId());
            if (parked != null) {
                parked.done();
            }
        }
    }

    private void check() {
        for (Map.Entry<ExecutionId, Delivery> parked : List.copyOf(deliveries.entrySet())) {
            if (isOrphaned.test(parked.getKey(), parked.getValue())) {
                deliveries.remove(parked.getKey());
                again.accept(parked.getValue());
            }
        }
        if (!deliveries.isEmpty()) {
            timers.after(BETWEEN_CHECKS, this::check);
        }
    }
}
