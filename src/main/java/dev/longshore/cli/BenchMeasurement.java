package dev.longshore.cli;

import dev.longshore.bench.BenchFailure;
import dev.longshore.bench.Lab;
import dev.longshore.bench.Report;

import picocli.CommandLine.Option;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** What every command that measures takes, and how it runs. */
abstract class BenchMeasurement implements Callable<Integer> {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json.")
    private OutputFormat output = OutputFormat.TEXT;

    private final Terminal terminal;

    BenchMeasurement(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Measures; what it opens belongs to the lab, which removes it. */
    abstract Report measure(Lab lab) throws Exception;

    @Override
    public final Integer call() throws Exception {
        System.setProperty("longshore.log.level", "error");
        Thread worker = Thread.currentThread();
        AtomicBoolean stopped = new AtomicBoolean();
        Runnable first =
                () -> {
                    stopped.set(true);
                    worker.interrupt();
                };
        return Interrupts.during(
                first,
                () -> {
                    try (Lab lab = new Lab(terminal::say)) {
                        print(measure(lab));
                        return ExitCodes.DONE;
                    } catch (Exception e) {
                        if (stopped.get()) {
                            return ExitCodes.INTERRUPTED; // whatever it broke
                        }
                        throw told(e);
                    }
                });
    }

    private static Exception told(Exception e) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case BenchFailure failure -> new CliFailure(ExitCodes.FAILED, message, failure);
            case IllegalArgumentException sizes -> new CliFailure(ExitCodes.USAGE, message, sizes);
            default -> e;
        };
    }

    private void print(Report report) {
        if (output == OutputFormat.JSON) {
            terminal.print(BenchPrint.json(report));
        } else {
            BenchPrint.table(report, terminal.colours()).forEach(terminal::print);
        }
    }
}
