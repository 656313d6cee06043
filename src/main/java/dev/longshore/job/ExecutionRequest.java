package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One start command, understood: everything that a node needs to run an execution.
 *
 * @param executionId the identity
 * @param jobId the job it belongs to
 * @param engine what to run
 * @param resources what it asks for
 * @param timeouts how long it may take
 * @param files what goes in and comes out
 * @param retry when it is tried again
 * @param specHash lower-case hex SHA-256 over the canonical form of everything above but the
 *     execution id; two starts with the same id and hash are the same start
 * @param expiresAt when it is too late to begin, or null for never; not part of the hash
 * @param traceparent W3C trace context that came with the command and is passed on, or null
 */
public record ExecutionRequest(
        ExecutionId executionId,
        JobId jobId,
        EngineSpec engine,
        Resources resources,
        Timeouts timeouts,
        JobFiles files,
        Retry retry,
        String specHash,
        @Nullable Instant expiresAt,
        @Nullable String traceparent) {
    /** Refuses nulls by name. */
    public ExecutionRequest {
        Checks.required(executionId, "executionId");
        Checks.required(jobId, "jobId");
        Checks.required(engine, "engine");
        Checks.required(resources, "resources");
        Checks.required(timeouts, "timeouts");
        Checks.required(files, "files");
        Checks.required(retry, "retry");
        Checks.required(specHash, "specHash");
    }

    /** One that never expires. */
    public ExecutionRequest(
            ExecutionId executionId,
            JobId jobId,
            EngineSpec engine,
            Resources resources,
            Timeouts timeouts,
            JobFiles files,
            Retry retry,
            String specHash,
            @Nullable String traceparent) {
        this(
                executionId,
                jobId,
                engine,
                resources,
                timeouts,
                files,
                retry,
                specHash,
                null,
                traceparent);
    }

    /** Without files, tried once. */
    public ExecutionRequest(
            ExecutionId executionId,
            JobId jobId,
            EngineSpec engine,
            Resources resources,
            Timeouts timeouts,
            String specHash,
            @Nullable String traceparent) {
        this(
                executionId,
                jobId,
                engine,
                resources,
                timeouts,
                JobFiles.NONE,
                Retry.NONE,
                specHash,
                traceparent);
    }
}
