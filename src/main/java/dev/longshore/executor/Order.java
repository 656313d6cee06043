package dev.longshore.executor;

import dev.longshore.job.CommandPosition;
import dev.longshore.job.ExecutionRequest;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A start command.
 *
 * @param request what is asked
 * @param command where it stands, or null where it did not come by a topic
 * @param writtenAt when its record was written, by the record's own timestamp, or null where there
 *     is none
 */
record Order(
        ExecutionRequest request, @Nullable CommandPosition command, @Nullable Instant writtenAt) {

    /**
     * When it was asked for. A record without a timestamp has a negative one, and one of the future
     * was written by a clock that goes ahead of ours: both were asked for now.
     */
    Instant askedAt(Instant now) {
        return writtenAt == null || !writtenAt.isAfter(Instant.EPOCH) || writtenAt.isAfter(now)
                ? now
                : writtenAt;
    }
}
