package dev.longshore.wire;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobFiles;
import dev.longshore.job.JobId;
import dev.longshore.job.Resources;
import dev.longshore.job.Retry;
import dev.longshore.job.Timeouts;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A start command but for its identity: what its hash is over.
 *
 * @param jobId the job it belongs to
 * @param engine what to run
 * @param resources what it asks for
 * @param timeouts how long it may take
 * @param files what goes in and comes out
 * @param retry when it is tried again
 */
record StartSpec(
        JobId jobId,
        EngineSpec engine,
        Resources resources,
        Timeouts timeouts,
        JobFiles files,
        Retry retry) {
    /** What this request asks for. */
    static StartSpec of(ExecutionRequest request) {
        return new StartSpec(
                request.jobId(),
                request.engine(),
                request.resources(),
                request.timeouts(),
                request.files(),
                request.retry());
    }

    /** The request for this execution, hash included. */
    ExecutionRequest request(ExecutionId id, @Nullable String traceparent) {
        return request(id, null, traceparent);
    }

    /**
     * The same, of a command that expires: until when it may begin says nothing about what it is,
     * so that the same start sent once more with a later time is still the same.
     */
    ExecutionRequest request(
            ExecutionId id, @Nullable Instant expiresAt, @Nullable String traceparent) {
        return new ExecutionRequest(
                id,
                jobId,
                engine,
                resources,
                timeouts,
                files,
                retry,
                StartWriter.specHash(this),
                expiresAt,
                traceparent);
    }
}
