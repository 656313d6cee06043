package dev.longshore.cli;

import dev.longshore.app.dev.EmbeddedBroker;
import dev.longshore.bench.BenchFailure;
import dev.longshore.bench.Lab;
import dev.longshore.bench.Training;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
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

    /** Makes a start-up cache, for the launcher and the image. */
    @Command(name = "train", hidden = true, description = "Make a start-up cache.")
    static final class Train implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "COMMAND", description = "serve or dev.")
        private String command = "";

        @Parameters(index = "1", paramLabel = "FILE", description = "The cache.")
        private Path cache = Path.of("");

        @Parameters(index = "2..*", paramLabel = "JAVA", description = "The JVM and its flags.")
        private List<String> java = List.of();

        private final Terminal terminal;

        Train(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws Exception {
            Thread worker = Thread.currentThread();
            return Interrupts.during(
                    worker::interrupt,
                    () -> {
                        try (Lab lab = new Lab(terminal::say)) {
                            Training training = new Training(lab, cache, java);
                            if (command.equals("dev")) {
                                training.dev();
                            } else {
                                training.serve();
                            }
                            return ExitCodes.DONE;
                        } catch (BenchFailure e) {
                            throw new CliFailure(
                                    ExitCodes.FAILED, String.valueOf(e.getMessage()), e);
                        }
                    });
        }
    }
}
