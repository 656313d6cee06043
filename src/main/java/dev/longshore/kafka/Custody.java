package dev.longshore.kafka;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.JobCommand;
import dev.longshore.job.Refusal;

import io.vertx.core.Future;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A delivery and the record that it came from.
 *
 * @param command what is asked
 * @param record the record, kept so that it can be put into dead letters untouched
 * @param deadLetters where to
 * @param release lets go of the record; callable from any thread, harmless when the partition went
 *     elsewhere
 * @param replayed whether it was written before this process began to read
 */
record Custody(
        JobCommand command,
        ConsumerRecord<byte[], byte[]> record,
        DeadLetterSink deadLetters,
        Runnable release,
        boolean replayed)
        implements Delivery {
    /**
     * Start commands come from the topic of jobs only, and of all of it they alone are handed out.
     */
    @Override
    public @Nullable CommandPosition origin() {
        return command instanceof JobCommand.Start ? Records.position(record) : null;
    }

    @Override
    public Instant writtenAt() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    @Override
    public void done() {
        release.run();
    }

    @Override
    public Future<Void> refuse(Refusal refusal) {
        return deadLetters.put(record, refusal).onSuccess(written -> release.run());
    }

    @Override
    public String toString() {
        return "Delivery["
                + record.topic()
                + "-"
                + record.partition()
                + " at "
                + record.offset()
                + "]";
    }
}
