package dev.longshore.job;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * How an execution ended: the last thing said about it.
 *
 * @param executionId the execution
 * @param jobId its job
 * @param nodeId the node that ran it
 * @param attempt the last attempt, from 1
 * @param outcome how it ended
 * @param output the end of what it printed
 * @param log its whole log, counted
 * @param image which image
 * @param acceptedAt when the node took it on
 * @param startedAt when the program started, by the engine's clock; null if it never did
 * @param finishedAt when it ended, by the engine's clock, or the node's if the program never ran
 * @param millis where the time went
 * @param gpus which GPUs it had
 * @param outputs what was collected
 * @param usage what it used, or null where that was not had
 */
public record ExecutionResult(
        ExecutionId executionId,
        JobId jobId,
        NodeId nodeId,
        int attempt,
        Outcome outcome,
        OutputTail output,
        LogSummary log,
        ImageIdentity image,
        Instant acceptedAt,
        @Nullable Instant startedAt,
        Instant finishedAt,
        PhaseMillis millis,
        List<Gpu> gpus,
        List<CollectedOutput> outputs,
        @Nullable Usage usage) {
    /** Refuses nulls by name. */
    public ExecutionResult {
        Checks.required(executionId, "executionId");
        Checks.required(jobId, "jobId");
        Checks.required(nodeId, "nodeId");
        Checks.atLeast(1, attempt, "attempt");
        Checks.required(outcome, "outcome");
        Checks.required(output, "output");
        Checks.required(log, "log");
        Checks.required(image, "image");
        Checks.required(acceptedAt, "acceptedAt");
        Checks.required(finishedAt, "finishedAt");
        Checks.required(millis, "millis");
        gpus = List.copyOf(gpus);
        outputs = List.copyOf(outputs);
    }

    /** Without GPUs and outputs, and without knowledge of what was used. */
    public ExecutionResult(
            ExecutionId executionId,
            JobId jobId,
            NodeId nodeId,
            int attempt,
            Outcome outcome,
            OutputTail output,
            LogSummary log,
            ImageIdentity image,
            Instant acceptedAt,
            @Nullable Instant startedAt,
            Instant finishedAt,
            PhaseMillis millis) {
        this(
                executionId,
                jobId,
                nodeId,
                attempt,
                outcome,
                output,
                log,
                image,
                acceptedAt,
                startedAt,
                finishedAt,
                millis,
                List.of(),
                List.of(),
                null);
    }
}
