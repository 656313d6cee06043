package dev.longshore.executor;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.JobCommand;
import dev.longshore.job.Refusal;
import dev.longshore.kafka.Delivery;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** A delivery that remembers what became of it. */
final class FakeDelivery implements Delivery {
    private final JobCommand command;
    private final @Nullable CommandPosition origin;
    volatile boolean done;
    volatile @Nullable Refusal refusal;

    FakeDelivery(JobCommand command) {
        this(command, null);
    }

    FakeDelivery(JobCommand command, @Nullable CommandPosition origin) {
        this.command = command;
        this.origin = origin;
    }

    @Override
    public JobCommand command() {
        return command;
    }

    @Override
    public @Nullable CommandPosition origin() {
        return origin;
    }

    @Override
    public Instant writtenAt() {
        return Instant.now();
    }

    @Override
    public boolean replayed() {
        return false;
    }

    @Override
    public void done() {
        done = true;
    }

    @Override
    public Future<Void> refuse(Refusal why) {
        refusal = why;
        done = true;
        return Future.succeededFuture();
    }
}
