package dev.longshore.cli;

import dev.longshore.bench.BenchFailure;
import dev.longshore.bench.Lab;
import dev.longshore.bench.Report;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code bench}: what this machine can do, each figure beside its reference. */
@Command(
        name = "bench",
        description = "Measure this machine: a node beside the bare engine, in one run.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Each starts what it needs by itself, on free ports, and removes it again. Figures go"
                    + " to",
            "standard output, what happens meanwhile to standard error. Goals are told beside"
                    + " figures and",
            "never judged: the exit code is 0 once it was measured. Quiet machines give better"
                    + " figures.",
            "",
            "Examples:",
            "  longshore bench throughput",
            "  longshore bench latency --jobs 50 --output json",
            "  longshore bench footprint --help"
        })
final class BenchCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to measure");
    }

    /** What every one of them takes, and how it runs. */
    static final class Run {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "FORMAT",
                defaultValue = "text",
                description = "text or json.")
        private OutputFormat output = OutputFormat.TEXT;

        /** A measurement in a lab. */
        interface Measurement {
            Report in(Lab lab) throws Exception;
        }

        int measure(Terminal terminal, Measurement measurement) throws Exception {
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
                            print(terminal, measurement.in(lab));
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
                case IllegalArgumentException sizes ->
                        new CliFailure(ExitCodes.USAGE, message, sizes);
                default -> e;
            };
        }

        private void print(Terminal terminal, Report report) {
            if (output == OutputFormat.JSON) {
                terminal.print(BenchPrint.json(report));
            } else {
                BenchPrint.table(report, terminal.colours()).forEach(terminal::print);
            }
        }
    }

    /** The subcommands, in the order of the help. */
    static Map<String, Callable<Integer>> subcommands(Terminal terminal) {
        Map<String, Callable<Integer>> all = new LinkedHashMap<>();
        all.put("throughput", new BenchEngineCommands.ThroughputCommand(terminal));
        all.put("latency", new BenchEngineCommands.LatencyCommand(terminal));
        all.put("logs", new BenchEngineCommands.LogsCommand(terminal));
        all.put("calls", new BenchEngineCommands.CallsCommand(terminal));
        all.put("fanout", new BenchNodeCommands.FanOutCommand(terminal));
        all.put("density", new BenchNodeCommands.DensityCommand(terminal));
        all.put("footprint", new BenchNodeCommands.FootprintCommand(terminal));
        all.put("ceiling", new BenchNodeCommands.CeilingCommand(terminal));
        all.put("broker", new BenchOwnCommands.Broker(terminal));
        all.put("train", new BenchOwnCommands.Train(terminal));
        return all;
    }
}
