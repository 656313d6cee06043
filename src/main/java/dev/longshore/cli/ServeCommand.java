package dev.longshore.cli;

import dev.longshore.app.RunningNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** {@code serve}: a node against a Kafka of one's own. */
@Command(
        name = "serve",
        description = "Run a node against your Kafka.",
        footer = {
            "",
            "SIGTERM or Ctrl-C stops it in order: programs are ended, what only waits stays in"
                    + " Kafka.",
            "",
            "Examples:",
            "  longshore serve --config conf/longshore.yaml",
            "  LONGSHORE_KAFKA_BOOTSTRAP_SERVERS=broker:9092 longshore serve",
            "  longshore serve --set http.port=0 --set node.id=node-7"
        })
final class ServeCommand implements Callable<Integer> {
    @Mixin private final SettingsOptions settings = new SettingsOptions();

    private final Terminal terminal;

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        return Interrupts.during(
                stop::countDown,
                () -> {
                    RunningNode node = start();
                    terminal.print(node.readyLine());
                    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
                    node.failed()
                            .thenAccept(
                                    cause -> {
                                        failure.set(cause);
                                        stop.countDown();
                                    });
                    stop.await();
                    Throwable cause = failure.get();
                    terminal.say(cause == null ? "stopping" : "stopping: " + cause.getMessage());
                    node.stop().run();
                    return cause == null ? ExitCodes.DONE : ExitCodes.FAILED;
                });
    }

    private RunningNode start() throws InterruptedException {
        Path file = settings.file();
        try {
            return Assembly.node().start(file, settings.flags());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new CliFailure(ExitCodes.FAILED, "could not start: " + e.getMessage(), e);
        }
    }
}
