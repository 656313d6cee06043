package dev.longshore.cli;

import dev.longshore.app.dev.DevStack;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** {@code dev}: everything in one process. */
@Command(
        name = "dev",
        description =
                "Run everything in one process: Kafka broker, node, HTTP. For trying out and"
                        + " developing.",
        footer = {
            "",
            "Starts a Docker engine where none runs (on Debian, as root). Ctrl-C stops everything"
                    + " in order.",
            "",
            "Examples:",
            "  longshore dev",
            "  longshore dev --http-port 0 --kafka-port 0 --data-dir /tmp/longshore"
        })
final class DevCommand implements Callable<Integer> {
    @Mixin private final DevOptions options = new DevOptions();

    private final Terminal terminal;

    DevCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        return Interrupts.during(stop::countDown, () -> serve(stop));
    }

    private int serve(CountDownLatch stop) throws InterruptedException {
        try (DevStack stack =
                DevOptions.start(options.orElse(8080, 9092, Path.of(".longshore")), terminal)) {
            terminal.print(stack.node().readyLine());
            tryNext(terminal, stack);
            stop.await();
            terminal.say("stopping");
        }
        terminal.say("stopped");
        return ExitCodes.DONE;
    }

    /** What a person can do now. */
    static void tryNext(Terminal terminal, DevStack stack) {
        String url = stack.node().httpUrl();
        String client = url.equals("http://127.0.0.1:8080") ? "" : "LONGSHORE_URL=" + url + " ";
        terminal.say("HTTP        " + url + "/api/v1/executions");
        terminal.say("run a job   " + client + "./longshore run busybox echo hello");
        terminal.say(
                "by Kafka    echo '{\"image\":\"busybox\",\"command\":[\"echo\",\"hi\"]}' | kcat -b"
                        + " "
                        + stack.kafka()
                        + " -P -t longshore.jobs -k hello-1");
        terminal.say("Ctrl-C stops everything");
    }
}
