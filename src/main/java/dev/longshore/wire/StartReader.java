package dev.longshore.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.longshore.job.EngineSpec;
import dev.longshore.job.ExecutionId;
import dev.longshore.job.ExecutionRequest;
import dev.longshore.job.JobId;
import dev.longshore.job.PullPolicy;
import dev.longshore.job.Resources;
import dev.longshore.job.Timeouts;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes a request of a start command that has passed its schema; every broken rule is a {@link
 * RefusedException}. A new field of the command is a line here, one in {@link StartWriter}, a
 * record component and a property of the schema.
 */
final class StartReader {
    private static final int MOST_PATH = 4096;
    private static final Pattern USER =
            Pattern.compile(
                    "[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?");

    private final ObjectNode body;

    private StartReader(ObjectNode body) {
        this.body = body;
    }

    /** The request in this object, for this execution. */
    static ExecutionRequest read(
            ObjectNode body, ExecutionId executionId, @Nullable String traceparent) {
        StartReader reader = new StartReader(body);
        JobId jobId = reader.jobId(executionId);
        EngineSpec engine = reader.engine();
        Resources resources = reader.resources();
        Timeouts timeouts = Timeouts.ofRun(duration(body.path("timeouts"), "run", "/timeouts/run"));
        String hash = StartWriter.specHash(jobId, engine, resources, timeouts);
        return new ExecutionRequest(
                executionId, jobId, engine, resources, timeouts, hash, traceparent);
    }

    private JobId jobId(ExecutionId executionId) {
        String given = text("jobId");
        if (given == null) {
            return new JobId(executionId.value());
        }
        if (!JobId.isValid(given)) {
            throw refused("/jobId", Quote.of(given) + " is not an id");
        }
        return new JobId(given);
    }

    private EngineSpec engine() {
        List<String> entrypoint = words("entrypoint");
        List<String> command = words("command");
        StartRules.checkWords(entrypoint, command);
        Map<String, String> environment = texts("environment");
        StartRules.checkEnvironment(environment);
        Map<String, String> labels = texts("labels");
        StartRules.checkLabels(labels);
        String policy = text("pullPolicy");
        return new EngineSpec(
                image(),
                entrypoint,
                command,
                environment,
                workingDirectory(),
                user(),
                policy == null
                        ? PullPolicy.MISSING
                        : PullPolicy.valueOf(policy.toUpperCase(Locale.ROOT)),
                labels,
                stopSignal(),
                duration(body, "stopGrace", "/stopGrace"));
    }

    private String image() {
        String image = body.path("image").asText();
        String fault = ImageReference.fault(image);
        if (fault != null) {
            throw refused("/image", Quote.of(image) + " is not an image reference: " + fault);
        }
        return image;
    }

    private @Nullable String workingDirectory() {
        String path = text("workingDirectory");
        if (path != null
                && (!path.startsWith("/")
                        || path.length() > MOST_PATH
                        || StartRules.holdsControl(path))) {
            throw refused("/workingDirectory", Quote.of(path) + " is not an absolute path");
        }
        return path;
    }

    private @Nullable String user() {
        String user = text("user");
        if (user != null && !USER.matcher(user).matches()) {
            throw refused("/user", Quote.of(user) + " is not user or user:group");
        }
        return user;
    }

    private @Nullable String stopSignal() {
        JsonNode given = body.path("stopSignal");
        if (given.isMissingNode()) {
            return null;
        }
        String name = Signals.name(given.asText());
        if (name == null) {
            throw refused(
                    "/stopSignal",
                    Quote.of(given.asText()) + " is not a signal; expected a name or a number");
        }
        return name;
    }

    private Resources resources() {
        JsonNode given = body.path("resources");
        JsonNode cpu = given.path("cpu");
        JsonNode pids = given.path("pids");
        return new Resources(
                cpu.isMissingNode()
                        ? null
                        : Sizes.whole(
                                cpu.decimalValue()
                                        .multiply(BigDecimal.valueOf(Resources.NANOS_PER_CORE))),
                memory(given.path("memory")),
                pids.isMissingNode() ? null : pids.decimalValue().intValueExact());
    }

    private static @Nullable Long memory(JsonNode given) {
        if (given.isMissingNode()) {
            return null;
        }
        Long bytes =
                given.isTextual()
                        ? Sizes.parse(given.textValue())
                        : Sizes.whole(given.decimalValue());
        if (bytes == null) {
            throw refused(
                    "/resources/memory",
                    Quote.of(given.asText())
                            + " is not a size; expected bytes, or a number with KiB, MiB, GiB, KB,"
                            + " MB or GB");
        }
        if (bytes < Resources.LEAST_MEMORY_BYTES) {
            throw refused(
                    "/resources/memory",
                    Quote.of(given.asText()) + " is less than 6 MiB, the engine's own minimum");
        }
        return bytes;
    }

    private static @Nullable Duration duration(JsonNode parent, String field, String pointer) {
        JsonNode given = parent.path(field);
        if (given.isMissingNode()) {
            return null;
        }
        Duration duration = Durations.parse(given.asText());
        if (duration == null) {
            throw refused(
                    pointer,
                    Quote.of(given.asText())
                            + " is not a duration such as 10s, 1h30m, 500ms or PT10S from 1 ms to"
                            + " 366 days");
        }
        return duration;
    }

    private @Nullable String text(String field) {
        JsonNode given = body.path(field);
        return given.isMissingNode() ? null : given.asText();
    }

    private List<String> words(String field) {
        List<String> words = new ArrayList<>();
        body.path(field).forEach(word -> words.add(word.asText()));
        return words;
    }

    private Map<String, String> texts(String field) {
        Map<String, String> texts = new LinkedHashMap<>();
        body.path(field)
                .properties()
                .forEach(member -> texts.put(member.getKey(), member.getValue().asText()));
        return texts;
    }

    private static RefusedException refused(String pointer, String message) {
        return new RefusedException(FieldRules.codeOf(pointer), pointer, message);
    }
}
