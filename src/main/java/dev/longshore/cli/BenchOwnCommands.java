package dev.longshore.cli;

import dev.longshore.app.dev.EmbeddedBroker;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** What {@code bench} and the launcher need themselves; no person types them. */
final class BenchOwnCommands {
    private BenchOwnCommands() {}

    /** A broker for the benchmarks, until standard input ends. */
    @Command(name = "broker", hidden = true, description = "A broker, for bench itself.")
    static final class Broker implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "Its data.")
        private Path directory = Path.of("");

        private final Terminal terminal;

        Broker(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws Exception {
            CountDownLatch stop = new CountDownLatch(1);
            Thread.ofPlatform().daemon().name("parent").start(() -> awaitParent(stop));
            return Interrupts.during(
                    stop::countDown,
                    () -> {
                        try (EmbeddedBroker broker = EmbeddedBroker.open(directory, 0)) {
                            terminal.print("broker ready " + broker.bootstrapServers());
                            stop.await();
                        }
                        return ExitCodes.DONE;
                    });
        }

        /** Nothing is written there: its end is the parent's. */
        private void awaitParent(CountDownLatch stop) {
            try {
                terminal.in().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                terminal.say("standard input: " + e.getMessage());
            }
            stop.countDown();
        }
    }
}
