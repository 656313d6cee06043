package dev.longshore.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;

/** The options of {@code run} that say when a failed job is tried again. The node checks them. */
final class RetryOptions {
    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "How many times to try again, in a new container. Default: 0.")
    private @Nullable Integer retries;

    @Option(
            names = "--retry-on",
            paramLabel = "REASON",
            split = ",",
            description = "For which reasons. Default: infra_lost,image_pull_failed.")
    private List<String> reasons = new ArrayList<>();

    @Option(
            names = "--retry-backoff",
            paramLabel = "TIME",
            description = "The first wait, doubled each time. Default: 5s.")
    private @Nullable String backoff;

    /** Adds {@code retry}, where it is asked for. */
    void putInto(ObjectNode job) {
        if (retries == null) {
            if (!reasons.isEmpty() || backoff != null) {
                throw new CliFailure(
                        ExitCodes.USAGE, "--retry-on and --retry-backoff need --retries");
            }
            return;
        }
        ObjectNode retry = job.putObject("retry").put("maxAttempts", retries + 1L);
        if (!reasons.isEmpty()) {
            ArrayNode on = retry.putArray("on");
            reasons.forEach(on::add);
        }
        if (backoff != null) {
            retry.put("backoff", backoff);
        }
    }
}
