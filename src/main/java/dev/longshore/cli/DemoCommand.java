package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;

import dev.longshore.app.dev.DemoJob;
import dev.longshore.app.dev.DevStack;
import dev.longshore.app.dev.ImageSetup;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** {@code demo}: everything in one process, and one job through Kafka. */
@Command(
        name = "demo",
        description =
                "Run everything in one process, on free ports, and send one job through Kafka.",
        footer = {
            "",
            "Examples:",
            "  longshore demo --exit",
            "  longshore demo --exit -- busybox sh -c 'echo hello; exit 3'"
        })
final class DemoCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Mixin private final DevOptions options = new DevOptions();

    @Option(names = "--exit", description = "Stop after the job, with its exit code.")
    private boolean exit;

    @Parameters(
            arity = "0..*",
            paramLabel = "IMAGE COMMAND",
            description = "Another job than the sample.")
    private List<String> words = List.of();

    private final Terminal terminal;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        Thread worker = Thread.currentThread();
        Runnable first =
                () -> {
                    stop.countDown();
                    if (exit) {
                        worker.interrupt();
                    }
                };
        return Interrupts.during(first, () -> serve(stop));
    }

    private int serve(CountDownLatch stop) {
        int exitCode;
        try (DevStack stack =
                DevOptions.start(options.orElse(0, 0, Path.of(".longshore", "demo")), terminal)) {
            terminal.print(stack.node().readyLine());
            exitCode = runJob(stack);
            if (!exit) {
                DevCommand.tryNext(terminal, stack);
                stop.await();
            }
            terminal.say("stopping");
        } catch (InterruptedException e) {
            return ExitCodes.INTERRUPTED;
        }
        return exit ? exitCode : ExitCodes.DONE;
    }

    private int runJob(DevStack stack) throws InterruptedException {
        String image = words.isEmpty() ? ImageSetup.IMAGE : words.getFirst();
        List<String> command = words.isEmpty() ? DemoJob.COMMAND : words.subList(1, words.size());
        String id = "demo-" + Long.toString(System.currentTimeMillis(), 36);
        terminal.print(
                "submit    "
                        + id
                        + " to the topic longshore.jobs: "
                        + image
                        + " "
                        + String.join(" ", command));
        try {
            JsonNode result =
                    new DemoJob(stack.kafka(), "longshore", new Printer())
                            .run(id, image, command, PATIENCE);
            terminal.print(
                    "result    "
                            + Endings.line(id, result)
                            + ", ran "
                            + Times.length(
                                    Duration.ofMillis(result.path("millis").path("run").asLong())));
            return ExitCodes.of(result);
        } catch (IOException e) {
            throw new CliFailure(ExitCodes.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    /** Prints what comes back from Kafka. */
    private final class Printer implements DemoJob.Listener {
        @Override
        public void status(JsonNode status) {
            String reason = status.path("reason").asText("");
            terminal.print(
                    "status    "
                            + status.path("state").asText()
                            + (reason.isEmpty() ? "" : " (" + reason + ")"));
        }

        @Override
        public void line(String stream, String text) {
            String padded = (stream + "          ").substring(0, 10);
            terminal.print(padded + (terminal.outIsTerminal() ? TerminalText.safe(text) : text));
        }
    }
}
