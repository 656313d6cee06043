package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** {@code run}: submits a job, streams its log, exits as it does. */
@Command(
        name = "run",
        description = "Run a job: submit it, show its log, exit with its exit code.",
        footer = {
            "",
            "Ctrl-C cancels the job and waits for its end; a second one leaves it to its end.",
            "",
            "Examples:",
            "  longshore run busybox echo hello",
            "  longshore run --memory 64MiB --timeout 10s busybox sh -c 'echo one; exit 3'",
            "  ID=$(longshore run --detach busybox sleep 60)",
            "  longshore run --file /etc/app.conf=app.conf --collect out=/out busybox cp"
                    + " /etc/app.conf /out",
            "  longshore run --mount type=bind,source=/data,target=/in --retries 2 busybox ls /in",
            "  longshore run --secret db=DB_PASSWORD --expires 10m --total-timeout 1h busybox env"
        })
final class RunCommand extends ClientCommand {
    @Mixin private final JobOptions job = new JobOptions();

    @Option(
            names = {"-d", "--detach"},
            description = "Only submit: print the execution's id and leave.")
    private boolean detach;

    private volatile boolean interrupted;

    RunCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        ApiClient api = api();
        ObjectNode start = job.startCommand(terminal().environment());
        JsonNode accepted =
                api.post("executions", ApiClient.line(start).getBytes(StandardCharsets.UTF_8));
        String id = accepted.path("executionId").asText();
        if (detach) {
            terminal().print(json() ? ApiClient.line(accepted) : id);
            return ExitCodes.DONE;
        }
        return Interrupts.during(
                () -> cancel(api, id),
                () -> {
                    LogPrinter printer = LogPrinter.withProgress(terminal(), json());
                    JsonNode end = new LogFeed(api, id, LogQuery.ALL, true).follow(printer::print);
                    JsonNode result =
                            api.getWhenThere(
                                    execution(id) + "/result?wait=10s", Duration.ofSeconds(20));
                    return report(id, result == null ? end : result);
                });
    }

    private int report(String id, JsonNode result) {
        int exitCode = ExitCodes.of(result);
        if (json()) {
            terminal().print(ApiClient.line(result));
        } else if (exitCode != 0) {
            terminal().say(Endings.line(id, result));
        }
        return interrupted && exitCode == 0 ? ExitCodes.INTERRUPTED : exitCode;
    }

    private void cancel(ApiClient api, String id) {
        interrupted = true;
        terminal().say("cancelling " + id + "; press Ctrl-C again to leave it to its end");
        try {
            api.post(
                    execution(id) + "/cancel",
                    "{\"reason\":\"Ctrl-C in longshore run\"}".getBytes(StandardCharsets.UTF_8));
        } catch (CliFailure e) {
            terminal().say("could not cancel: " + e.getMessage());
        }
    }
}
