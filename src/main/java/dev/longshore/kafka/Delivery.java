package dev.longshore.kafka;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.JobCommand;
import dev.longshore.job.Refusal;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A command in custody: until {@link #done()} or {@link #refuse} it will be delivered again, here
 * or elsewhere, should this process end. Exactly one of the two is called, once, on the context
 * that the command was given to.
 */
public interface Delivery {
    /** What is asked. */
    JobCommand command();

    /**
     * Where the command stands, so that it can be read again by {@link CommandHistory}; null where
     * it came from elsewhere than {@link CommandSource}.
     */
    @Nullable CommandPosition origin();

    /** When the record was written, by its own timestamp. */
    Instant writtenAt();

    /**
     * Whether the record was written before this process began to read: it may have been acted on
     * already, so that acting on it must do no harm and refusing it again must be silent.
     */
    boolean replayed();

    /**
     * Somebody else is responsible now: a container exists, or nothing is left to do. Does not wait
     * for the commit.
     */
    void done();

    /**
     * Puts the record into dead letters, untouched, and lets go of it; completed when the broker
     * has it.
     */
    Future<Void> refuse(Refusal refusal);
}
