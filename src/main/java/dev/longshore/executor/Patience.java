package dev.longshore.executor;

import dev.longshore.docker.DockerFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Asks an engine that does not answer again, with growing pauses, for as long as the answer is wanted. */
final class Patience {
    static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Timers timers;
    private final BooleanSupplier wanted;

    Patience(Timers timers, BooleanSupplier wanted) {
        this.timers = timers;
        this.wanted = wanted;
    }

    /** The answer, or the first failure that is not {@link DockerFailure.Unreachable}. */
    <T> Future<T> ask(Supplier<Future<T>> call) {
        return ask(call, FIRST_PAUSE);
    }

    /** Completed after this time. */
    Future<Void> pause(Duration time) {
        Promise<Void> over = Promise.promise();
        timers.after(time, over::complete);
        return over.future();
    }

    private <T> Future<T> ask(Supplier<Future<T>> call, Duration pause) {
        return call.get().recover(failure -> {
            if (!(failure instanceof DockerFailure.Unreachable) || !wanted.getAsBoolean()) {
                return Future.failedFuture(failure);
            }
            Duration doubled = pause.multipliedBy(2);
            Duration next = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
            return pause(pause).compose(paused -> ask(call, next));
        });
    }
}
