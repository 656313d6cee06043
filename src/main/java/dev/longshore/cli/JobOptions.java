package dev.longshore.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The options and words of {@code run} that make a start command. The node checks the values: it
 * knows the rules.
 */
final class JobOptions {
    @Option(
            names = "--name",
            paramLabel = "JOB",
            description = "The job's name (jobId). Default: the execution's id.")
    private @Nullable String name;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "The execution's id. The same id never runs twice.")
    private @Nullable String id;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME[=VALUE]",
            description = "An environment variable; without a value, this shell's.")
    private List<String> environment = new ArrayList<>();

    @Option(
            names = {"-w", "--workdir"},
            paramLabel = "DIR",
            description = "The directory to start in.")
    private @Nullable String workingDirectory;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER[:GROUP]",
            description = "Who to run as.")
    private @Nullable String user;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "A further group to run in: a number, or a name of the image.")
    private List<String> groups = new ArrayList<>();

    @Option(
            names = "--entrypoint",
            paramLabel = "PROGRAM",
            description = "Instead of the image's entry point.")
    private @Nullable String entrypoint;

    @Option(names = "--cpu", paramLabel = "CORES", description = "Most cores, such as 0.5.")
    private @Nullable Double cpu;

    @Option(
            names = {"-m", "--memory"},
            paramLabel = "SIZE",
            description = "Most memory, such as 64MiB.")
    private @Nullable String memory;

    @Option(names = "--pids", paramLabel = "N", description = "Most processes and threads.")
    private @Nullable Integer pids;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Longest run, such as 30m.")
    private @Nullable String timeout;

    @Option(
            names = "--total-timeout",
            paramLabel = "TIME",
            description = "Longest time for everything, waits and attempts included.")
    private @Nullable String totalTimeout;

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description =
                    "When it is too late to begin: from now, such as 10m, or a date and time.")
    private @Nullable String expires;

    @Option(
            names = "--stop-signal",
            paramLabel = "SIGNAL",
            description = "What asks the program to end.")
    private @Nullable String stopSignal;

    @Option(
            names = "--stop-grace",
            paramLabel = "TIME",
            description = "From that to SIGKILL, such as 10s.")
    private @Nullable String stopGrace;

    @Option(
            names = "--pull",
            paramLabel = "always|missing|never",
            description = "When to fetch the image. Default: missing.")
    private @Nullable String pull;

    @Option(
            names = {"-l", "--label"},
            paramLabel = "NAME=VALUE",
            description = "A label of your own.")
    private Map<String, String> labels = Map.of();

    @Mixin private final FileOptions files = new FileOptions();

    @Mixin private final RetryOptions retry = new RetryOptions();

    @Parameters(index = "0", paramLabel = "IMAGE", description = "The image to run.")
    private String image = "";

    @Parameters(
            index = "1..*",
            paramLabel = "COMMAND",
            description = "The command and its arguments, as they are.")
    private List<String> command = new ArrayList<>();

    /** The start command; {@code shell} is where variables without a value come from. */
    ObjectNode startCommand(Map<String, String> shell) {
        ObjectNode job = ApiClient.JSON.createObjectNode();
        put(job, "jobId", name);
        put(job, "executionId", id);
        job.put("image", image);
        if (entrypoint != null) {
            job.putArray("entrypoint").add(entrypoint);
        }
        if (!command.isEmpty()) {
            ArrayNode words = job.putArray("command");
            command.forEach(words::add);
        }
        putEnvironment(job, shell);
        put(job, "workingDirectory", workingDirectory);
        put(job, "user", user);
        if (!groups.isEmpty()) {
            ArrayNode numbers = job.putArray("groups");
            groups.forEach(numbers::add);
        }
        put(job, "pullPolicy", pull);
        put(job, "stopSignal", stopSignal);
        put(job, "stopGrace", stopGrace);
        if (!labels.isEmpty()) {
            ObjectNode node = job.putObject("labels");
            labels.forEach(node::put);
        }
        putResources(job);
        putTimes(job);
        files.putInto(job);
        retry.putInto(job);
        return job;
    }

    private void putEnvironment(ObjectNode job, Map<String, String> shell) {
        if (environment.isEmpty()) {
            return;
        }
        ObjectNode node = job.putObject("environment");
        for (String variable : environment) {
            int equals = variable.indexOf('=');
            String variableName = equals < 0 ? variable : variable.substring(0, equals);
            if (variableName.isEmpty()) {
                throw new CliFailure(
                        ExitCodes.USAGE, "--env needs NAME=VALUE, not '" + variable + "'");
            }
            String value = equals < 0 ? shell.get(variableName) : variable.substring(equals + 1);
            if (value != null) {
                node.put(variableName, value);
            }
        }
    }

    private void putTimes(ObjectNode job) {
        if (expires != null) {
            Instant time = Times.parse(expires);
            job.put(
                    "expiresAt",
                    time != null
                            ? expires
                            : Instant.now().plus(Times.lengthOf(expires, "--expires")).toString());
        }
        if (timeout != null || totalTimeout != null) {
            ObjectNode timeouts = job.putObject("timeouts");
            put(timeouts, "run", timeout);
            put(timeouts, "total", totalTimeout);
        }
    }

    private void putResources(ObjectNode job) {
        if (cpu == null && memory == null && pids == null) {
            return;
        }
        ObjectNode resources = job.putObject("resources");
        if (cpu != null) {
            resources.put("cpu", cpu);
        }
        put(resources, "memory", memory);
        if (pids != null) {
            resources.put("pids", pids);
        }
    }

    private static void put(ObjectNode node, String field, @Nullable String value) {
        if (value != null) {
            node.put(field, value);
        }
    }
}
