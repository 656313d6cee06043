package dev.longshore.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.GpuRequest;
import dev.longshore.job.GpuVendor;
import dev.longshore.job.JobId;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes a request of a start command that has passed its schema; every broken rule is a {@link
 * RefusedException}. A new field of the command is a line here, one in {@link StartWriter}, a
 * record component and a property of the schema.
 */
final class StartReader {
    private static final Pattern USER =
            Pattern.compile(
                    "[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?");

    private static final Pattern GPU_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:._-]{0,127}");

    private final Given body;

    private StartReader(Given body) {
        this.body = body;
    }

    /**
     * The request in this object, for this execution.
     *
     * @param header when it expires, by its record's header, or null
     */
    static ExecutionRequest read(
            ObjectNode body,
            ExecutionId executionId,
            @Nullable Instant header,
            @Nullable String traceparent) {
        StartReader reader = new StartReader(new Given(body, ""));
        return new StartSpec(
                        reader.jobId(executionId),
                        reader.engine(),
                        resources(reader.body.field("resources")),
                        timeouts(reader.body.field("timeouts")),
                        FilesReader.read(reader.body),
                        RetryReader.read(reader.body.field("retry")))
                .request(executionId, expiresAt(reader.body, header), traceparent);
    }

    /** The earlier of what the command and its record's header say, or null. */
    private static @Nullable Instant expiresAt(Given body, @Nullable Instant header) {
        Instant own = body.field("expiresAt").time();
        return own != null && (header == null || own.isBefore(header)) ? own : header;
    }

    private JobId jobId(ExecutionId executionId) {
        Given given = body.field("jobId");
        String id = given.text();
        if (id == null) {
            return new JobId(executionId.value());
        }
        if (!JobId.isValid(id)) {
            throw given.refused(Quote.of(id) + " is not an id");
        }
        return new JobId(id);
    }

    private EngineSpec engine() {
        List<String> entrypoint = body.field("entrypoint").words();
        List<String> command = body.field("command").words();
        StartRules.checkWords(entrypoint, command);
        Map<String, String> environment = body.field("environment").texts();
        StartRules.checkEnvironment(environment);
        Map<String, String> labels = body.field("labels").texts();
        StartRules.checkLabels(labels);
        String policy = body.field("pullPolicy").text();
        return new EngineSpec(
                ImageFields.image(body),
                entrypoint,
                command,
                environment,
                workingDirectory(),
                body.field("user").matching(USER, "user or user:group"),
                policy == null
                        ? PullPolicy.MISSING
                        : PullPolicy.valueOf(policy.toUpperCase(Locale.ROOT)),
                labels,
                body.field("stopSignal").signal(),
                body.field("stopGrace").duration(),
                ImageFields.platform(body),
                ImageFields.registryAuth(body),
                IsolationReader.read(body),
                NetworkingReader.read(body));
    }

    private @Nullable String workingDirectory() {
        Given given = body.field("workingDirectory");
        String path = given.text();
        if (path != null
                && (!path.startsWith("/")
                        || path.length() > StartRules.MOST_PATH
                        || StartRules.holdsControl(path))) {
            throw given.refused(Quote.of(path) + " is not an absolute path");
        }
        return path;
    }

    private static Timeouts timeouts(Given given) {
        return new Timeouts(
                given.field("queue").duration(),
                given.field("pull").duration(),
                given.field("run").duration(),
                given.field("total").duration());
    }

    private static Resources resources(Given given) {
        Given cpu = given.field("cpu");
        return new Resources(
                cpu.isAbsent()
                        ? null
                        : Sizes.whole(
                                cpu.node()
                                        .decimalValue()
                                        .multiply(BigDecimal.valueOf(Resources.NANOS_PER_CORE))),
                given.field("memory")
                        .size(
                                Resources.LEAST_MEMORY_BYTES,
                                "less than 6 MiB, the engine's own minimum"),
                given.field("pids").count(),
                gpus(given.field("gpus")));
    }

    private static @Nullable GpuRequest gpus(Given given) {
        String vendor = given.field("vendor").text();
        if (vendor == null) {
            return null;
        }
        Set<String> ids = new LinkedHashSet<>();
        for (Given id : given.field("ids").items()) {
            String text = id.node().asText();
            if (!GPU_ID.matcher(text).matches()) {
                throw id.refused(Quote.of(text) + " is not the id of a GPU");
            }
            if (!ids.add(text)) {
                throw id.refused("the same GPU twice");
            }
        }
        Integer count = given.field("count").count();
        if (count != null && !ids.isEmpty() && count != ids.size()) {
            throw given.field("count").refused("must be the number of ids, or be left out");
        }
        Given model = given.field("model");
        if (!model.isAbsent() && StartRules.holdsControl(model.node().asText())) {
            throw model.refused("must not hold control characters");
        }
        return new GpuRequest(
                GpuVendor.valueOf(vendor.toUpperCase(Locale.ROOT)),
                count == null ? Math.max(1, ids.size()) : count,
                List.copyOf(ids),
                model.text(),
                given.field("minMemory").size(1, "no amount of memory"));
    }
}
